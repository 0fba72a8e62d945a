### The words of the window, English. Plain words: reading age about 9, sentences of at most 20 words.
### Words the core speaks (problems, labels of details, warnings) are in crates/wallet-core/locales.

## The whole window

app-name = Wallet
app-title = { $page } – Wallet
skip-to-content = Skip to the main content
nav-label = Main
nav-documents = Documents
nav-show = Show
nav-history = History
nav-settings = Settings
nav-help = Help
nav-lock = Lock
strip-practice = Practice wallet
strip-practice-more = Everything in it is made up.
strip-draft = Draft
strip-draft-more = A Welsh speaker has not checked these words yet.
language-en = English
language-cy = Cymraeg

## Words used everywhere

back = Back
cancel = Cancel
continue = Continue
done = Done
try-again = Try again
loading = Loading…
yes = Yes
no = No
none = None
sensitive = Sensitive
detail-unnamed = the issuer's own name for it
picture-of = { $label }: a picture
to-documents = Go to your documents
show-all =
    { $count ->
        [one] Show { $count } more
       *[other] Show { $count } more
    }

## When something goes wrong

problem-left-no = Nothing was shared.
problem-left-yes = Your details were sent.
problem-left-unknown = We cannot tell if your details arrived.
problem-support = Details for support
problem-code = Code
problem-history = See it in your history
problem-starting = The wallet could not start

## Dates

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
weekday-0 = Sunday
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
date-long = { $day } { $month } { $year }
date-weekday = { $weekday } { $day } { $month } { $year }
date-today = Today
date-yesterday = Yesterday
date-today-at = today at { $time }
date-yesterday-at = yesterday at { $time }
date-at = { $date } at { $time }

## PIN

pin-label-passphrase = PIN or passphrase
pin-show = Show
pin-hide = Hide
pin-show-label = Show what you typed
pin-hide-label = Hide what you typed
pin-missing = Type your PIN.
pin-tries-left =
    { $count ->
        [one] That is not right. You can try { $count } more time, then you wait.
       *[other] That is not right. You can try { $count } more times, then you wait.
    }
pin-wrong = That is not right.
pin-wait = You tried too many times. You can try again in { $time }.
pin-wait-over = You can try again now.

## First run

welcome-title = Keep your documents on this device. Show only what is needed.
welcome-stored = Stored here, not by us
welcome-stored-more = Your documents stay on this device. We have no copy.
welcome-decide = You decide every time
welcome-decide-more = Nobody gets a detail unless you say yes to it.
welcome-see = See who has had what
welcome-see-more = Your history keeps what you shared, with whom and why.
welcome-not-government = This is not a government app. It is open source.
welcome-practice = This is a practice wallet: every person and document in it is made up.
welcome-start = Start
abilities-title = What this wallet can and cannot do
abilities-can = It can
abilities-can-keep = Keep your documents on this device.
abilities-can-prove = Prove one fact, and leave the rest out.
abilities-can-record = Keep a record of what you shared.
abilities-cannot = It cannot
abilities-cannot-back = Get details back after you share them.
abilities-cannot-recover = Recover your documents if you forget your PIN.
abilities-cannot-paper = Replace a paper document where one is asked for.
device-title = What protects this device
device-lead = Two things open this wallet: your PIN, and a key this device keeps.
device-store = Key storage
device-store-os = System keyring
device-store-os-more = This device keeps one part of the key. Your PIN is the other part.
device-store-file = A file on this device
device-store-file-more = This is weaker. Somebody who copies the folder could guess a short PIN in hours.
device-file-advice = Choose a passphrase of 12 characters or more.
device-pin = Your PIN
device-pin-more = You choose it next. You need it to open the wallet, and each time you share.
device-backup = Backup
device-backup-more = Not available yet. If you lose this device, ask for your documents again.
device-strong = Good
device-weak = Weaker
device-none = None
pin-choose-title = Choose a PIN
pin-choose-rules = Before you type
pin-rule-digits = 6 digits, or a longer passphrase.
pin-rule-easy = Not 123456, not the same digit again and again, not your birthday.
pin-rule-keep = Nobody can reset it for you. Keep it somewhere safe.
pin-choose-label = New PIN or passphrase
pin-choose-short = Use at least 6 digits or letters.
pin-choose-easy = That is too easy to guess. Choose another one.
pin-repeat-title = Type your PIN again
pin-repeat-lead = This makes sure it is the one you meant.
pin-repeat-label = The same PIN or passphrase
pin-repeat-different = The two are not the same. Type it again, or go back and choose another one.
pin-repeat-make = Make my wallet
making-title = Making your wallet
making-lead = We are making your keys. This takes a few seconds.
ready-title = Your wallet is ready
ready-lead = You can add your first document now.
ready-practice = In practice, the sandbox pages on this computer offer you documents.
ready-add = Add a document
ready-look = Look around first

## Locked

unlock-title = Unlock your wallet
unlock-lead = Your documents are closed. Your PIN opens them.
unlock-button = Unlock
unlock-working = Opening…
unlock-forgot = Forgot your PIN?
unlock-forgot-more = Nobody can reset it, not even us. You would start again with a new wallet and ask for your documents again.
waiting-request-title = Something is waiting
waiting-request = { $host } is asking for something. Unlock to read it.
waiting-offer = { $host } is offering a document. Unlock to look at it.
waiting-unchecked = We have not checked this name yet.
idle-title = Are you still there?
idle-lead =
    { $seconds ->
        [one] The wallet locks in { $seconds } second.
       *[other] The wallet locks in { $seconds } seconds.
    }
idle-status = The wallet locks in 1 minute.
idle-stay = Stay open
idle-lock = Lock now

## Documents

home-title = Your documents
home-lead = Kept on this device. Nobody sees them unless you say yes.
home-show = Show something in person
home-answer = Answer a request
home-add = Add a document
home-list = Documents
home-search = Search your documents
home-found =
    { $count ->
        [0] No document has that name.
        [one] { $count } document
       *[other] { $count } documents
    }
home-empty-title = You have no documents yet
home-empty-lead = There are two ways to get one.
home-empty-link = Open a link from the organisation that gives it.
home-empty-picture = Open a picture of their code.
home-waiting = Something is waiting for you
home-waiting-open = Look at it
banner-revoked = { $name } was cancelled by { $issuer }
banner-revoked-more = It no longer proves anything. Ask them why.
banner-suspended = { $name } was paused by { $issuer }
banner-suspended-more = It may come back. You cannot use it until then.
banner-ending = { $name } ends on { $date }
banner-ending-more = You may need to ask for a new one.
banner-open = See this document
status-valid = Valid
status-valid-until = Valid to { $date }
status-not-checked = Not checked
status-not-checked-until = Not checked · to { $date }
status-starts = Starts { $date }
status-ending =
    { $days ->
        [0] Ends today
        [one] Ends in { $days } day
       *[other] Ends in { $days } days
    }
status-ended = Ended { $date }
status-suspended = Paused by issuer
status-revoked = Cancelled by issuer
status-broken = Cannot be used
status-valid-line = Checked with { $issuer } { $when }.
status-unchecked-line = Not checked with { $issuer } yet.
status-not-checked-line = We could not check. Last checked { $when }.
status-never-checked-line = We could not check it yet.
status-starts-line = You cannot use it before { $date }.
status-ending-line = It ends on { $date }. Ask { $issuer } for a new one in time.
status-ended-line = You can keep it to look at. It no longer proves anything.
status-suspended-line = { $issuer } has paused this. It may come back.
status-revoked-line = { $issuer } has cancelled this. Ask them why.
status-broken-line = The file is damaged, or its key is gone. Ask { $issuer } for a new one.
kind-driving-licence = Driving
kind-proof-of-age = Age
kind-health = Health
document-practice = Practice
document-from = From { $issuer }
document-details = Details
document-show = Show details
document-hide = Hide details
document-hidden =
    { $count ->
        [one] { $count } detail is hidden, so nobody reads it over your shoulder.
       *[other] { $count } details are hidden, so nobody reads them over your shoulder.
    }
document-status = Status
document-check = Check now
document-checking = Checking…
document-checked = Checked. Nothing has changed.
document-checked-changed = Checked. The status has changed.
document-issuer = Who gave it
document-issuer-host = Web address
document-issuer-list = Trust list
document-added = Added
document-ends = Ends
document-starts = Starts
document-who = Who has had it
document-who-none = Nobody. You have not shared this document.
document-who-all = See all in your history
document-technical = Technical
document-format = Format
document-type = Type
document-copies = Copies not used
document-copies-value = { $left } of { $all }
document-copies-since = These copies since
fresh-title = Fresh copies
fresh-kept = We get fresh copies from { $issuer } by ourselves before these run out, and never when you share.
fresh-ask = Get fresh copies now
fresh-asking = Asking
fresh-fetched = Fresh copies are here. The details are the same.
fresh-later = Fresh copies come later. We will ask again.
fresh-waiting-more = The new one says something else. Check it before it takes the place of this one.
fresh-ended = { $issuer } gives us no more fresh copies. Get the document from them again.
fresh-elsewhere = To get this document again, go to this page of { $issuer }.
document-signed-by = Signed by
document-id = Number in this wallet
document-copies-few =
    { $count ->
        [one] { $count } private copy left. After it, services could match your visits.
       *[other] { $count } private copies left. After them, services could match your visits.
    }
document-use = Show in person
document-remove = Remove
remove-title = Remove { $name }?
remove-lead = You may need to ask { $issuer } for it again.
remove-history = Your history stays.
remove-copies = All copies of it on this device are deleted.
remove-pin = Type your PIN to remove it
remove-button = Remove this document
remove-keep = Keep it
removed-title = { $name } was removed
removed-lead = It is no longer on this device. Your history still says what you shared.
recognised = On the trust list
recognised-added = You trust this yourself
recognised-not-listed = Not on the trust list
recognised-vouched-for = Not on the register, but somebody vouched for it
recognised-withdrawn = Taken off the trust list

## Add a document

add-title = Add a document
add-lead = An organisation gives you a link or a code. Bring it here.
add-link-label = Link from the organisation
add-link-hint = It starts with openid-credential-offer://
add-link-missing = Paste the link you were given.
add-link-button = Look at the offer
add-picture = Open a picture of the code
add-picture-more = A photo or a screenshot of the square code. It is read on this device. You can also drop it here or paste it.
add-picture-large = That picture is too large. Choose one under 8 MB.
add-reading = Reading the offer…
add-picture-reading = Reading the picture…
offer-title = { $issuer } offers you a document
offer-title-many =
    { $count ->
        [one] { $issuer } offers you { $count } document
       *[other] { $issuer } offers you { $count } documents
    }
offer-listed-title = Known organisation
offer-listed = { $issuer } is on the trust list.
offer-yours-title = You trust this yourself
offer-yours = { $issuer } is not on the trust list. You added it yourself.
offer-stranger-title = We do not know this organisation
offer-stranger = { $issuer } is on no trust list. Anyone can use this name.
offer-withdrawn-title = Taken off the trust list
offer-withdrawn = { $issuer } was on the trust list and is not any more. You cannot add this.
offer-insecure = The connection to them is not protected. That is only right in practice.
offer-host = Web address
offer-stored = What will be stored
offer-copies =
    { $count ->
        [one] { $count } copy
       *[other] { $count } copies, so services cannot match your visits
    }
offer-unsupported = This wallet cannot keep this kind of document.
offer-choose = Add { $name }
offer-choose-none = Choose at least one document.
offer-stranger-tick = I know this organisation and want to go on
offer-stranger-tick-missing = Tick the box to go on, or choose Do not add.
offer-continue = Continue
offer-refuse = Do not add
offer-nothing = Nothing here can be kept in this wallet.
offer-learn = Do they learn when you use it?
offer-learn-more = No. You use it without asking them.
code-title = Type the code you were sent
code-lead-digits = { $issuer } sent you a code of { $length } digits by another way.
code-lead = { $issuer } sent you a code by another way.
code-label = Code
code-missing = Type the code.
code-length = The code has { $length } digits.
code-wrong = That code did not work. Check it and try again.
browser-title = Sign in with the issuer
browser-lead = { $issuer } wants you to sign in on its own page. We will open your browser. Come back here after.
browser-host = The page is of { $host }.
browser-open = Open browser
browser-waiting = Your browser is open. Come back here when you have signed in.
promised-title = Your document comes later
promised-lead = The issuer needs time. You can close the wallet; nothing is lost.
promised-list = Coming later
promised-one = { $name }, from { $issuer }
promised-when =
    { $minutes ->
        [one] The issuer can be asked again in { $minutes } minute.
       *[other] The issuer can be asked again in { $minutes } minutes.
    }
promised-ask = Ask now
promised-asking = Asking
promised-not-yet = Not ready yet.
getting-title = Getting your document
getting-which = Document { $document } of { $documents }
getting-cancel = Cancel
getting-asked = Ask { $issuer }
getting-keys = Make new keys
getting-received = Receive the document
getting-checked = Check who signed it
step-done = Done
step-now = Now
step-todo = Not yet
check-title = Check the details
check-lead = This is what { $issuer } gave you. Keep it only if it is right.
check-changed-title = Check what changed
check-changed-lead = { $issuer } gave you this document again, and it says something else. The old one stays until you decide.
check-all =
    { $count ->
        [one] The { $count } detail of the new one
       *[other] All { $count } details of the new one
    }
check-changed-wrong = We cannot change it. Keep the old one, and tell { $issuer } what is wrong.
check-keep-new = Use the new one
check-keep-old = Keep the old one
change-before = Before
change-after = Now
change-new = It was not there
change-gone = It is no longer there
check-wrong-title = Is anything wrong?
check-wrong = We cannot change it. Do not add it, and tell { $issuer } what is wrong.
check-held = You already hold a document of this kind. Both will be kept.
check-until = Ends { $date }
check-pin = Type your PIN to keep it
check-add = Add it
check-refuse = Do not add
adding = Adding…
added-title =
    { $count ->
        [one] { $name } was added
       *[other] { $count } documents were added
    }
added-lead = It is on this device now. Nobody sees it unless you say yes.
added-see = See it
added-more = Add another
added-unchecked = We could not check its status yet. We will try again.
received-waiting = A document is waiting for your yes
received-waiting-more = It arrived before the wallet closed. It is not kept yet.
received-waiting-open = Check the details

## Answer a request

answer-title = Answer a request
answer-lead = A service asks for details with a link or a code. Nothing is sent when you open it.
answer-link-label = Link from the service
answer-link-hint = It starts with openid4vp://
answer-link-missing = Paste the link you were given.
answer-link-button = Read the request
answer-picture = Open a picture of the code
answer-reading = Reading the request…
wrong-kind-offer = This link offers you a document. It is not a request.
wrong-kind-request = This link asks for details. It is not an offer.
origin-title = Is this where you started?
origin-lead = This request came from another screen. Look at the page where you saw the code.
origin-question = Does the website address start with this?
origin-why = A copied code can send your details to somebody else.
origin-yes = Yes, it does
origin-no = No, stop
origin-stopped-title = You stopped
origin-stopped-lead = Nothing was shared. Close that page. If somebody sent you the code, do not answer them.
question-title-one = { $service } asks for: { $detail }
question-title-two = { $service } asks for: { $first }, { $second }
question-title-more =
    { $count ->
        [0] { $service } asks if you have a document
        [one] { $service } asks for { $count } detail
       *[other] { $service } asks for { $count } details
    }
question-title-blocked = You cannot share with { $service }
who-label = Who is asking
who-registered = Registered service
who-registered-line = { $name } is on the register of trusted services.
who-registered-until = { $name } is on the register of trusted services until { $date }.
who-asks-more = They ask for more than they registered
who-asks-needless = They ask for more than they need
who-asks-more-line = { $name } is registered, but not for all of this.
who-yours = You trust this yourself
who-yours-line = { $name } is not on the register. You added it to this wallet.
who-stranger = Not registered
who-stranger-line = We cannot find { $name } on the register. Anyone can use this name.
who-vouched = Vouched for, not registered
who-vouched-line = { $name } vouches for who this is. It is not on the register.
who-withdrawn = Do not answer
who-withdrawn-line = { $name } was taken off the register.
who-blocked = You cannot share
who-intermediary = { $name } asks for them. It receives your details and passes them on.
who-check = Check who this is
who-name = Legal name
who-host = Web address
who-purposes = Registered to ask for
who-known = What the wallet checked
who-known-registered = Its name, its register entry and its signature
who-known-stranger = Only its web address
who-known-vouched = Its web address, and that somebody vouches for its name
agree-title = You also agree to this
agree-lead = These are their words. If you share, you sign this too, and they can prove that you did.
get-title = What they will get
get-from = From your { $document }
get-choose = Which document answers?
get-choose-hint = More than one fits. Choose the one to use.
get-choose-missing = Choose which document to use.
get-different = The details on these are not the same.
get-any = They accept any one of these
get-any-hint = Choose which to share.
get-least = Shares least.
get-option-more =
    { $count ->
        [one] 1 detail: { $details }
       *[other] { $count } details: { $details }
    }
get-theirs = This is what they asked for first.
get-which-details = Which details?
get-beside = They accept more than one. You can also show:
get-linkable = This copy was used before. Services could see that it is you again.
add-these-title = You can add these if you want
add-these-why = Why: { $why }
add-these-one = You can add one of these
add-these-leave = Leave this out
add-these-none-why = They did not say why.
why-title = Why they are asking
why-purpose-none = They did not say why.
why-keep = They say they keep it for
why-keep-none = They did not say
why-basis = Legal basis, in their words
why-privacy = Privacy notice
why-you = You and them
why-you-never = You have not shared with them before.
why-you-before =
    { $count ->
        [1] You shared with them once before.
        [2] You shared with them twice before.
       *[other] You shared with them { $count } times before.
    }
why-they-say = These are their words. The wallet cannot check them.
get-not-title = What they will not learn
answer-block-title = Your answer
answer-count =
    { $count ->
        [0] You will share **that you have this document**, and nothing that is in it.
        [one] You will share **{ $count } detail, once**.
       *[other] You will share **{ $count } details, once**.
    }
answer-not-back = You cannot take it back, but you can ask them to delete it.
answer-agrees = You also sign what they want you to agree to.
answer-if-no = If you say no, nothing is sent. They are not told what you hold. They may ask you to prove it another way.
answer-no = Do not share
answer-yes = Share, then enter PIN
answer-later = Decide later
answer-until = You can answer until { $time }.
later-title = You can decide later
later-lead = Nothing was shared. Open the same link again before { $time }.
warn-title = Stop and read this first
warn-lead = The wallet advises you not to share.
warn-what = What is not right
warn-details = This is about
warn-tick = I have read this and still want to share
warn-tick-missing = Tick the box to share, or choose Do not share.
warn-share = Share anyway, then enter PIN
warn-pressure = Is somebody telling you to do this? You can stop. Nothing happens if you say no.
share-pin-title = Enter your PIN to share
share-pin-lead =
    { $count ->
        [0] { $service } learns that you have this document.
        [one] { $count } detail goes to { $service }.
       *[other] { $count } details go to { $service }.
    }
share-pin-button = Share now
share-pin-no = Do not share
sending-title = Sending to { $service }
sending-lead = Do not close the wallet.
sending-history = Write it in your history
sending-signed = Sign your details
sending-sent = Send to { $service }
result-shared = Shared with { $service }
result-shared-lead =
    { $count ->
        [0] They know now that you have this document.
        [one] They have { $count } detail now.
       *[other] They have { $count } details now.
    }
result-declined = You said no
result-declined-lead = Nothing was sent to { $service }. They were told only that you said no.
result-unknown = We do not know if it arrived
result-unknown-lead = Your details were sent, but { $service } did not answer. They may have them.
result-unknown-do = Ask them before you try again.
result-failed = Nothing was shared
result-failed-lead = { $service } could not take your details. Nothing was sent.
result-return = Go back to { $host }
result-return-more = Going back opens your browser.
result-history = See it in your history
result-shared-what = What you shared
nothing-title = You do not have this
nothing-lead = { $service } asked for something that none of your documents prove.
nothing-asked = They asked for
nothing-told = They are told no. They do not learn what you hold.
nothing-no = Tell them no
blocked-lead = Nothing was shared, and nothing can be.
blocked-do = Do not send them your details another way.
blocked-close = Tell them no and close

## Show in person

show-title = What do you need to prove?
show-lead = Choose one. They see only that.
show-needs = You have no document that proves this.
show-empty-title = You cannot show anything yet
show-empty-lead = Add a document that proves something first.
show-check-title = Check what they will see
show-check-from = From your { $document }
show-check-see = They will see
show-check-not = They will not see
show-check-anyone = Anyone who reads the code while it works will see this.
show-check-pin = Type your PIN to show it
show-photo-tick = Show my photo. It is biometric data.
show-photo-missing = Tick the box to show your photo, or go back.
show-make = Show the code
show-making = Making the code…
code-page-lead = Let them read the code.
code-works = Works for { $time }
code-name = Code that proves: { $proof }
code-new = Make a new code
code-stop = Stop showing
code-bigger = Bigger
code-smaller = Smaller
code-said-ready =
    { $minutes ->
        [one] Code ready. It works for { $minutes } minute.
       *[other] Code ready. It works for { $minutes } minutes.
    }
code-said-ready-seconds =
    { $seconds ->
        [one] Code ready. It works for { $seconds } second.
       *[other] Code ready. It works for { $seconds } seconds.
    }
code-said-minute = 1 minute left.
code-said-twenty = 20 seconds left. Press Make a new code to carry on.
code-said-ended = This code has ended.
code-ended-title = This code has ended
code-ended-lead = It proves nothing any more. Make a new one to carry on.
code-asked-title = Did they read it?
code-asked-lead = The wallet cannot tell. Your history says that you showed it.
code-asked-yes = Yes
code-asked-again = No, show it again
code-history = See it in your history

## History

history-title = History
history-lead = Everything you shared, added or refused. Only you can see this.
history-search = Search
history-kind = Show
history-kind-all = Everything
history-kind-shared = Shared online
history-kind-shown = Shown in person
history-kind-declined = You said no
history-kind-refused = Stopped by the wallet
history-kind-added = Added
history-kind-renewed = Updated
history-kind-removed = Removed
history-service = Service
history-service-all = All
history-when = When
history-when-all = Any time
history-when-7 = The last 7 days
history-when-30 = The last 30 days
history-when-365 = The last year
history-clear = Clear filters
history-filter-on =
    { $count ->
        [0] Filter
        [one] Filter ({ $count } on)
       *[other] Filter ({ $count } on)
    }
history-found =
    { $count ->
        [0] Nothing matches.
        [one] { $count } entry
       *[other] { $count } entries
    }
history-empty-title = Nothing yet
history-empty-lead = When you share or refuse, it shows here.
history-none-title = Nothing matches
history-none-lead = Try fewer filters or another word.
history-in-person = Somebody in person
history-this-wallet = This wallet
history-line-from = From: { $documents }
history-line-asked =
    { $count ->
        [one] Asked for { $count } detail.
       *[other] Asked for { $count } details.
    }
outcome-shared =
    { $count ->
        [one] Shared { $count } detail
       *[other] Shared { $count } details
    }
outcome-shown = Shown in person
outcome-declined = You said no
outcome-refused = Stopped by the wallet
outcome-not-sure = Not sure
outcome-failed = Failed, nothing sent
outcome-added = Document added
outcome-renewed = Document updated
outcome-removed = Document removed
entry-who = Who
entry-who-then = Register, at that time
entry-intermediary = Asked through
entry-agreed = You agreed to this
entry-not-agreed = They wanted you to agree to this
entry-why = Why, in their words
entry-keep = They said they keep it for
entry-basis = Legal basis, in their words
entry-privacy = Privacy notice
entry-asked = They asked for
entry-shared = You shared
entry-shown = They could see
entry-nothing = Nothing
entry-values = The history keeps names of details, never what they say.
entry-from = From which document
entry-gone = no longer held
entry-warnings = What the wallet warned about
entry-how = How it reached them
entry-how-online = Over the internet
entry-how-in-person = A code shown in person
entry-left = Did anything leave this device?
entry-left-no = No, nothing.
entry-left-yes = Yes.
entry-left-unknown = We cannot tell.
entry-proof = Proof
entry-proof-number = Place in the history
entry-proof-link = Link to the entry before
entry-proof-check = Check the whole history
entry-proof-ok =
    { $count ->
        [one] { $count } entry checked. Nothing was changed.
       *[other] { $count } entries checked. Nothing was changed.
    }
entry-proof-broken = Something was changed in this history. Entry { $entry } does not fit.
entry-when = When
warning-not-registered = They were not on the register.
warning-vouched-for = Somebody vouched for who they are, and they were not on the register
warning-cannot-agree = None of your documents could sign it
warning-asks-too-much = They asked for more than they registered.
warning-sensitive-to-stranger = They asked for sensitive details and were not on the register.
warning-registration-withdrawn = Their registration was cancelled.
warning-other = Another warning: { $code }

## Settings

settings-title = Settings
settings-look = How it looks
settings-language = Language
settings-theme = Colours
settings-theme-system = Same as this device
settings-theme-light = Light
settings-theme-dark = Dark
settings-theme-contrast = High contrast
settings-text = Text size
settings-text-100 = Normal
settings-text-125 = Larger
settings-text-150 = Large
settings-text-200 = Largest
settings-motion = Movement
settings-motion-system = Same as this device
settings-motion-less = As little as possible
settings-security = Security
settings-lock = Lock the wallet now
settings-lock-more = It also locks after 5 minutes without you.
settings-store = Key storage
settings-privacy = Privacy
settings-collect = We collect nothing
settings-collect-more = No numbers, no reports, no account. What you do here stays here.
settings-about = About this wallet
settings-about-open = What this is, and what it is not
about-title = What this is, and what it is not
about-is = It is
about-is-open = Open source. Anyone can read how it works.
about-is-yours = Yours. Your documents are on this device and nowhere else.
about-is-early = Early. Use it to practise, not to prove who you are for real.
about-not = It is not
about-not-government = A government app. No department made it or checked it.
about-not-gov-wallet = GOV.UK Wallet, NHS App or GOV.UK One Login.
about-not-legal = A certified way to prove who you are.
about-not-judge = A judge of other people. A service on the register can still use your details badly.
about-version = Version
about-licence = Licence
about-fonts = The letters are Atkinson Hyperlegible, made by the Braille Institute (OFL 1.1).
about-access = Accessibility
about-access-more = Made for WCAG 2.2 AA and tested by machine on every screen. People with disabilities have not tested it yet.

## Help

help-title = Help
help-lead = Short answers. The wallet never sends you to a website by itself.
help-add-q = How do I add a document?
help-add-a = Get a link or a code from the organisation. Then choose Add a document and paste the link.
help-share-q = What happens when I share?
help-share-a = You see who asks, what they get and why. Nothing leaves before you say yes and type your PIN.
help-no-q = What happens when I say no?
help-no-a = Nothing is sent. The service hears only that you said no.
help-back-q = Can I take details back?
help-back-a = No. You can ask the service to delete them. Your history says what it has had.
help-pin-q = I forgot my PIN
help-pin-a = Nobody can reset it. You would start again with a new wallet and ask for your documents again.
help-qr-q = A code in person is not read
help-qr-a = Choose Bigger, turn the screen towards them, and make the screen brighter.
help-scam-q = Somebody tells me to share
help-scam-a = Stop. You never have to share. If a bank call worries you, hang up and call 159.
help-keys = Keyboard
help-keys-sections = Documents, Show, History, Settings
help-keys-add = Add a document
help-keys-lock = Lock
help-keys-back = Back
help-keys-help = Help
help-keys-sections-do = Ctrl + 1 to 4
help-keys-add-do = Ctrl + N
help-keys-lock-do = Ctrl + L
help-keys-back-do = Alt + ←
help-keys-help-do = F1

## A defect of the window itself

defect-title = Something went wrong
defect-happened = This is a fault in the wallet. It is not your fault.
defect-do = Go back to your documents and try again. Your history says what was shared.
