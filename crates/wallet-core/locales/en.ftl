# The words of the wallet's core and of the terminal, in English. `cy.ftl` holds the same messages in the same order.
# One message a line, so that a translator sees the two side by side. Sentences of at most 20 words, for a reading age of 9.
# Not translated: PIN, QR, names of commands and options, `{ $… }`.

## Did anything leave? Said at the end of every problem.
data-left = { $left ->
        [no] Nothing was shared.
        [yes] Your details were shared.
       *[other] We do not know if your details arrived.
    }

## Problems: the title, what happened, what to do.
problem-no-internet = You are not connected
    .happened = This device has no internet connection.
    .do = You can still look at documents and show codes in person. Connect, then try again.
problem-service-unreachable = They do not answer
    .happened = The other side did not answer, or its answer made no sense.
    .do = Wait a little and try again. If it goes on, tell them.
problem-link-not-understood = This is not a link for a wallet
    .happened = The link or picture does not hold an offer or a request that this wallet can read.
    .do = Copy the whole link again, or use a clear picture of the code.
problem-link-expired = This link is over
    .happened = The offer or request has ended, or someone has used it already.
    .do = Ask them for a new one.
problem-issuer-not-recognised = We do not know this issuer
    .happened = The organisation that offers this document is on no list that this wallet trusts.
    .do = Check that the offer is real. If you are sure, trust their certificate first.
problem-issuer-refused = The issuer said no
    .happened = The organisation did not give the document.
    .do = Ask them why, or ask them for a new offer.
problem-issuer-asked-wrongly = The issuer broke the rules
    .happened = The organisation asked or answered in a way it may not, so the wallet stopped.
    .do = Do not try again with the same offer. Tell the issuer.
problem-no-wallet-provider = Nobody vouches for this wallet
    .happened = This issuer only gives documents to wallets that a wallet provider vouches for. None is set.
    .do = Choose a wallet provider first. Then open the offer again.
problem-wrong-code = That code did not work
    .happened = The issuer did not accept the code.
    .do = Check the code they sent you. Then try again, or ask for a new offer.
problem-document-not-as-promised = The document is not right
    .happened = What arrived is not what was offered, or its signature is wrong. It was not kept.
    .do = Do not try again with the same offer. Tell the issuer.
problem-service-not-recognised = We cannot find them on the register
    .happened = This service is not on the register, and it asks for details you should not give a stranger.
    .do = Do not share. If you know them, ask them another way who they are.
problem-service-asked-wrongly = This request is not right
    .happened = The request breaks the rules. It may not really come from the service it names.
    .do = Do not answer it. Go to the service's own website and start again.
problem-nothing-matches = You do not have this
    .happened = You have no document that proves what they ask for.
    .do = Add the document first, or tell them no. They are not told what you hold.
problem-document-out-of-date = The document is out of date
    .happened = This document has ended, or has not started yet.
    .do = Ask the issuer for a new one.
problem-document-withdrawn = The document was cancelled
    .happened = The issuer has cancelled or paused this document.
    .do = Ask the issuer why.
problem-status-unknown = We could not check the document
    .happened = We could not ask the issuer if this document is still good.
    .do = Connect to the internet, then try again.
problem-consent-expired = The question has changed or ended
    .happened = Your answer came too late, or the question is no longer the one you saw.
    .do = Open the request again, read it, and answer it.
problem-wrong-pin = The PIN is not right
    .happened = The PIN you gave is not the PIN of this wallet.
    .do = Try again with care. After a few wrong tries you must wait.
problem-pin-locked = You must wait before the next try
    .happened = There were too many wrong PINs.
    .do = Wait, then try again. Your documents are safe.
problem-pin-too-simple = This PIN is too easy to guess
    .happened = The PIN is too short, a row like 123456, or the same digit again and again.
    .do = Choose 6 digits or more, or a longer phrase. Not your birthday.
problem-keystore-unavailable = This computer has no key store
    .happened = The wallet keeps its secret in the system's key store, and none is running here.
    .do = Start the key store, then try again. A key file can be used instead, and is weaker.
problem-keystore-locked = The key store is locked
    .happened = Your computer's key store is locked.
    .do = Unlock it, then try again.
problem-keystore-entry-missing = The wallet's secret is gone
    .happened = The key store no longer has the secret that opens this wallet.
    .do = Bring back the key store of the account that made this wallet. If it is lost, ask for your documents again.
problem-store-from-newer-app = This wallet needs a newer version
    .happened = A newer version of this program has changed the wallet's files.
    .do = Install the newest version. Nothing was changed or lost.
problem-store-damaged = The wallet's files are damaged
    .happened = The wallet's files cannot be read.
    .do = Do not delete them. Restore a copy, or ask for help with the details for support.
problem-store-in-use = The wallet is open somewhere else
    .happened = Another program has this wallet open.
    .do = Close the other program, then try again.
problem-not-initialised = There is no wallet here yet
    .happened = We looked for a wallet in this place and found none.
    .do = Create one first.
problem-already-initialised = There is a wallet here already
    .happened = This place holds a wallet, and it was left as it is.
    .do = Use it with its PIN, or choose another place.
problem-wallet-locked = The wallet is locked
    .happened = The wallet must be unlocked for this.
    .do = Unlock it with your PIN, then try again.
problem-disk-full = We could not write to the disk
    .happened = The disk is full, or this program may not write there. We write the record first, so we stopped.
    .do = Make room, then try again.
problem-already-answered = You answered this already
    .happened = This request was answered before. Each request is answered once.
    .do = See what you shared in your history. If they need it again, they can ask again.
problem-clock-wrong = The clock looks wrong
    .happened = The date or time of this device looks wrong, so we cannot check documents.
    .do = Set the clock, then try again.
problem-not-found = We could not find that
    .happened = Nothing in this wallet has that name or number.
    .do = List what there is, then choose from the list.
problem-sending-failed = Sending did not work
    .happened = { $left ->
            [no] We could not reach the service.
            [yes] The service answered with an error.
           *[other] We were sending, and the service did not say that it has them.
        }
    .do = { $left ->
            [no] Try again, or ask the service for a new request.
           *[other] Ask the service if it has your details before you send them again.
        }
problem-cannot-be-renewed = We cannot get fresh copies
    .happened = The organisation gives this wallet no fresh copies of this document, or none any more.
    .do = Get the document from the organisation again. What you have stays until it ends.
problem-stopped = You stopped this
    .happened = Nothing was added.
    .do = Open the same link again if you still want the document.
problem-something-went-wrong = Something went wrong
    .happened = This is a fault in the program, not something you did.
    .do = Try again. If it goes on, send us the details for support.

## Warnings about a request.
warning-not-registered = We cannot find this service on the register. Anyone can make a request like this.
warning-vouched-for = { $name } vouches for who this is. It is not on the register, so nobody has checked what it may ask for.
warning-asks-too-much = { $count ->
        [one] They are asking for 1 thing they did not register.
       *[other] They are asking for { $count } things they did not register.
    }
caution-not-registered = They did not register to ask for this, so you cannot add it.
warning-not-needed = { $why } This is our view, not the register's.
warning-together-registered = With what you shared with them in the last 30 days they would know all of this. It is more than they registered for any one reason.
warning-together-needed = With what you shared with them in the last 30 days they would know all of this. In our view it is more than they need.
warning-sensitive-to-stranger = They ask for sensitive details, and they are not on the register.
warning-registration-withdrawn = Their registration was cancelled.
warning-cannot-agree = None of your documents can sign what they want you to agree to.

## What a yes agrees to beyond sharing details, by type, and the names of its parts.
agreement-org-citizen-wallet-payment-1 = Pay { $amount } to “{ $payee }”
agreement-org-citizen-wallet-payment-1-payee = Paid to
agreement-org-citizen-wallet-payment-1-amount = Amount
agreement-org-citizen-wallet-payment-1-reference = Reference
agreement-org-citizen-wallet-agreement-1 = Agree to the document “{ $title }”
agreement-org-citizen-wallet-agreement-1-title = Document
agreement-org-citizen-wallet-agreement-1-document-sha256 = Its fingerprint
agreement-org-citizen-wallet-agreement-1-document-uri = Where to read it

## What they will not learn.
not-learned-name = Your name
not-learned-birth-date = Your date of birth
not-learned-address = Your address
not-learned-photo = Your photo
not-learned-document-number = The number of your document
not-learned-other-documents = Your other documents
not-learned-elsewhere = Where else you have shown this document

## Legal bases of UK GDPR, article 6, as a service states them.
legal-basis-public-task = A public task
legal-basis-legal-obligation = The law requires it
legal-basis-legitimate-interests = Their legitimate interests
legal-basis-consent = Your consent
legal-basis-contract = A contract with you
legal-basis-vital-interests = To protect a life

## Proofs to show in person.
proof-age = I am { $age } or over
proof-born-before-2009 = I was born before 1 January 2009 (for tobacco)

## What a person should know about a document.
note-copies-linkable = The organisation made the copies of this document alike. Services could see that they belong to the same person, even if you share nothing else.
change-ends = Ends on
note-only-that-you-have-it = They learn only that you have this document, and who gave it to you.
note-shared-whole = This kind of document cannot hide anything: a service you share it with sees all of it.
nhs-number-hidden = Not shown
note-nhs-number-hidden = Nobody has checked that this NHS number is yours, so the wallet does not show it. A service you share it with would see it.
note-ends = { $count ->
        [0] This document ends today.
        [one] This document ends tomorrow.
       *[other] This document ends in { $count } days.
    }
note-never-checked = We could not check if this document is still good.
note-last-checked = We last checked on { $date } that this document is good. That may have changed.
note-age-reached = You have turned { $age } since this document was made. Ask for a new copy if you need to prove it.
picture-not-drawn = A picture this wallet cannot show

## What a document or a party is called when nobody gives it a name.
party-without-name = Unknown organisation
no-reason-given = This organisation has not told us why it is asking.

## What doctor looks at.
check-keystore = Key store
check-keystore-there = The system's key store is there.
check-keystore-os = The secret is in the system's key store.
check-keystore-file = A key file protected by your PIN. This is weaker than a key store.
check-store = Wallet files
check-store-open = The files can be read, and they hold together.
check-store-locked = The files are there. They need your PIN to be looked at.
check-store-none = There is no wallet here yet.
check-clock = Clock
check-clock-good = The clock looks right.
check-clock-wrong = The clock looks wrong. Documents cannot be checked.
check-trust-list = Trust list
check-trust-list-until = As it came with this program. Good until { $date }.
check-trust-list-fetched = Fetched { $fetched }. Good until { $date }.
check-trust-list-old = Out of date. Nobody is recognised until a newer one is fetched.
check-trust-list-none = There is none for real documents yet. You can add certificates you trust.
check-history = History
check-history-whole = { $count ->
        [one] 1 entry, and the chain is whole.
       *[other] { $count } entries, and the chain is whole.
    }
check-history-broken = The chain of entries is broken. Someone may have changed it.
check-version = Version

## The terminal.
cli-tries-left = { $count ->
        [0] There is no more try before you must wait.
        [one] You can try 1 more time.
       *[other] You can try { $count } more times.
    }
cli-retry-at = You can try again at { $time }.
cli-what-to-do = What to do: { $what }
cli-for-support = For support: { $details }
cli-see-history-entry = See it in your history: { $wallet } history show { $id }
cli-practice = PRACTICE. Nothing here is real.
cli-wrong-use = This was not typed as the wallet expects
cli-wrong-use-do = To see how it is used, add --help to the command.
cli-no-command = No command was given.
cli-both-from-stdin = The link and the PIN cannot both come from standard input.
cli-lock = The wallet is locked whenever this program is not running. There is nothing to do.
cli-stopped-not-approved = You have not said yes
cli-stopped-not-approved-happened = This was only the question.
cli-stopped-not-approved-do = Read the question above. To share, add --approve. To say no, use { $wallet } decline.
cli-stopped-warnings-not-accepted = Stop and read this first
cli-stopped-warnings-not-accepted-happened = There are warnings about this request.
cli-stopped-warnings-not-accepted-do = It is safest not to share. If you know all this and still want to, add --despite-warnings.
cli-stopped-blocked = The wallet does not share this
cli-stopped-blocked-happened = This service may not have these details from this wallet.
cli-stopped-blocked-do = Say no with { $wallet } decline. Ask the service who they are in another way.
cli-ask-pin = PIN:
cli-ask-new-pin = Choose a PIN:
cli-ask-new-pin-again = The same PIN again:
cli-new-pin-rules = Choose 6 digits or more, or a longer phrase. Not 123456, not the same digit again and again, not your birthday.
cli-pins-differ = The two PINs are not the same.
cli-pin-file-unreadable = No PIN could be read from { $file }.
cli-pin-not-asked = There is no terminal to ask for the PIN. Give it with --pin-file FILE.
cli-link-is-an-offer = This link is an offer of a document. Use { $wallet } offer or { $wallet } add.
cli-link-is-a-request = This link is a request for your details. Use { $wallet } request or { $wallet } share.
cli-progress-unlocking = Unlocking
cli-progress-creating = Making keys and files
cli-progress-checking = Checking
cli-progress-reading-offer = Reading the offer
cli-provider-client = Name of its wallets (client_id)
cli-provider-issuer = Signs as
cli-provider-anchor = The certificate behind what it says of wallets
cli-provider-key-anchor = The certificate behind what it says of keys
cli-promised = { $issuer } sends “{ $name }” later. Ask again after { $seconds } seconds: { $wallet } collect { $id }
cli-nothing-promised = Nothing is promised, and nothing waits.
cli-sign-in = Sign in at the issuer. Open this page in a browser on this computer, and come back here:
cli-progress-asking = Asking the issuer
cli-progress-keys = Making keys
cli-progress-getting = Getting your document
cli-progress-keeping = Keeping it
cli-progress-reading-request = Reading the request
cli-progress-sharing = Sending
cli-progress-declining = Telling them no
cli-progress-making-code = Making the code
cli-init-done = Your wallet is ready. Only your PIN opens it, and nobody can reset it.
cli-key-file-weaker = Your keys are kept in a file protected by your PIN. This is weaker than the system's key store.
cli-init-next = Next, look at an offer: { $wallet } offer LINK
cli-doctor-well = All is well.
cli-doctor-not-well = Something needs your attention.
cli-recognised = on the trust list
cli-registered = registered service
cli-added-by-you = you trust this yourself
cli-not-listed = on no list or register
cli-vouched-for = not on the register, but somebody vouches for it
cli-withdrawn = registration cancelled
cli-trust-added = Added. The wallet now trusts this because you said so.
cli-trust-removed = Removed.
cli-trust-none = You have added no certificates.
cli-trust-not-a-certificate = { $file } is not a certificate file (PEM), and not a DID.
cli-trust-practice = part of the practice wallet
cli-trust-practice-only = The practice certificate counts in the practice wallet only. Add --practice.
cli-trust-yours = added by you
cli-role-issuer = may issue documents
cli-role-service = may ask for details
cli-role-status = may say if documents are still good
cli-role-attester = may vouch for who a service is
cli-until = until { $date }
cli-a-picture = (a picture)
cli-sensitive = sensitive
cli-offer-title = { $issuer } offers you a document
cli-what-you-get = What you will get
cli-copies = { $count ->
        [one] 1 copy
       *[other] { $count } copies
    }
cli-checked-later = Who they are is checked when the document arrives.
cli-not-supported = This wallet cannot hold this document.
cli-insecure = The connection is not protected. That is usual on your own computer, and nowhere else.
cli-offer-next = To add it: { $wallet } add LINK
cli-offer-next-code = To add it: { $wallet } add LINK --code CODE. They send you the code another way.
cli-only-not-offered = { $id } is not in this offer. In it: { $known }
cli-ask-code = The code they sent you:
cli-ask-code-digits = The code they sent you ({ $count } digits):
cli-added-count = { $count ->
        [one] 1 document added
       *[other] { $count } documents added
    }
cli-added-next = See its details: { $wallet } document ID
cli-held-before = You had a document like this before. The old one is still here. Remove it with: { $wallet } remove ID
cli-documents-none = You have no documents yet. Add one with: { $wallet } add LINK
cli-documents-count = { $count ->
        [one] Your document
       *[other] Your { $count } documents
    }
cli-copies-left = { $left } of { $all } copies not yet used
cli-details = Details
cli-who-has-had-it = Who has had it
cli-never-shared = Nobody yet.
cli-fresh-copies = Fresh copies
cli-fresh-page = Get it anew at
cli-fresh-kept = the wallet gets them by itself
cli-fresh-ended = the issuer gives no more
cli-fresh-none = the issuer gives none
cli-refresh-changed = Some details changed:
cli-refresh-fetched = Fresh copies are here. Nothing else changed.
cli-refresh-later = The issuer sends fresh copies later. Ask again with: { $wallet } collect { $id }
cli-change-new = new: { $value }
cli-change-gone = no longer there: { $value }
cli-technical = Technical
cli-added-on = Added
cli-type = Type
cli-format = Format
cli-signed-by = Signed by
cli-removed = The document, its copies and its keys are gone. Your history stays. Nobody was told.
cli-state-valid = ✓ Valid to { $date }
cli-state-valid-always = ✓ Valid
cli-state-not-checked = ? Valid to { $date }, not checked
cli-state-not-checked-always = ? Not checked
cli-state-starts-later = ⏲ Starts { $date }
cli-state-ending = { $days ->
        [0] ⚠ Ends today
        [one] ⚠ Ends in 1 day
       *[other] ⚠ Ends in { $days } days
    }
cli-state-ended = ✕ Ended { $date }
cli-state-suspended = ‖ Paused by issuer
cli-state-revoked = ✕ Cancelled by issuer
cli-state-broken = ✕ Cannot be used
cli-checked-at = checked { $time }
cli-request-title = { $service } is asking for your details
cli-legal-name = Legal name: { $name }
cli-asks-through = It asks through { $name }.
cli-vouched-by = { $name } vouches for who it is.
cli-registered-until = Registered until { $date }
cli-shared-before = { $count ->
        [0] You have not shared with them before.
        [one] You have shared with them once before.
       *[other] You have shared with them { $count } times before.
    }
cli-started-here = Is this where you started? The website's address should show { $host }.
cli-what-they-get = What they will get
cli-you-can-add = You can add these if you want
cli-you-also-agree = You also agree to this
cli-agree-their-words = These are their words. A yes signs them too, and they can prove that you did.
cli-from-document = From: { $document }
cli-nothing-fits = You have no document that answers this ({ $query }).
cli-nothing-fits-at-all = You have no document that answers this request.
cli-linkable = This copy was used before. Two services could see that it is the same one.
cli-not-shared = Not shared: { $details }
cli-or-use = Or use { $document }:
cli-to-add = To add it: --add { $query }
cli-or-details = Or share these instead: { $details }:
cli-instead = Or choose this instead
cli-to-choose = { $count ->
        [one] 1 detail. To choose it:
       *[other] { $count } details. To choose it:
    }
cli-why = Why they are asking
cli-kept-for = They say they will keep it: { $how }
cli-kept-not-said = They have not said whether they will keep it.
cli-legal-basis = Their legal basis, they say: { $basis }
cli-privacy-notice = Privacy notice: { $address }
cli-not-learned = What they will not learn
cli-be-careful = Be careful
cli-your-answer = Your answer
cli-you-will-share = { $count ->
        [0] You will share that you have this document, and nothing that is in it.
        [one] You will share 1 detail, once.
       *[other] You will share { $count } details, once.
    }
cli-if-you-say-no = If you say no: nothing is sent, and they are not told what you hold. They may ask you to prove it another way.
cli-question-ends = This question ends on { $time }.
cli-request-next =
    To say yes:  { $wallet } share LINK --approve
    To say no:   { $wallet } decline LINK
cli-request-next-no = You cannot share this. To tell them no: { $wallet } decline LINK
cli-no-such-query = Nothing called { $query } was asked for.
cli-no-such-details = { $query } has no such choice of details. Choose one that the question names.
cli-one-document-only = They take one document for { $query }.
cli-instead-not-beside = { $query } stands for another part. Choose it with --use { $query }=DOCUMENT.
cli-document-does-not-answer = { $document } does not answer { $query }. Choose one that the question names.
cli-shared = { $count ->
        [0] { $service } knows now that you have this document.
        [one] Shared 1 detail with { $service }.
       *[other] Shared { $count } details with { $service }.
    }
cli-shared-nothing = Nothing was shared with { $service }.
cli-shared-unknown = We do not know if it arrived at { $service }.
cli-go-back = Go back to them:
cli-not-opened = The page was not opened. Set BROWSER to a program. Only https or this computer's own pages are opened.
cli-declined = You said no. { $service } was told only that.
cli-they-will-see = They will see
cli-code-works = { $proof }. This code works for { $seconds } seconds.
cli-code-who = Anyone who reads the code sees these details. Show it only to the person who asked.
cli-code-width = The code needs { $columns } columns. If it does not fit, use --qr FILE.svg.
cli-code-too-wide = The code was made and not drawn. It needs { $columns } columns. Make the window wider, or use --qr FILE.svg.
cli-window-narrow = A code is about 160 columns wide, and this window is too narrow. Use --qr FILE.svg.
cli-proof-not-held = you have no document for this
cli-file-not-written = { $file } cannot be written.
cli-history-none = Nothing yet. When you share or refuse, it shows here.
cli-history-head = Last link: { $head }
cli-history-first-broken = The first entry that does not fit: { $id }
cli-kind-added = Added a document from { $who }
cli-kind-renewed = Something new in a document from { $who }
cli-kind-removed = Removed a document
cli-kind-shared = Shared with { $who }
cli-kind-shown = Shown in person
cli-kind-declined = Said no to { $who }
cli-kind-refused = Refused a request from { $who }
cli-outcome-done = Done
cli-outcome-shown = Shown
cli-outcome-declined = You said no. Nothing was shared.
cli-outcome-not-sure = Not sure if it arrived
cli-outcome-failed = Failed. Nothing was shared.
cli-outcome-nothing = Nothing was shared
cli-outcome-shared = { $count ->
        [one] Shared 1 detail
       *[other] Shared { $count } details
    }
cli-when = When
cli-who = Who
cli-outcome = How it ended
cli-documents-used = Documents
cli-asked-for = Asked for
cli-shared-details = Shared
cli-why-row = Why
cli-kept-row = Kept for
cli-legal-basis-row = Legal basis
cli-through = Asked through
cli-you-agreed = You agreed to this
cli-you-did-not-agree = They wanted you to agree to this
cli-privacy-row = Privacy notice
cli-proof-row = Place and link
cli-hint-not-initialised = Type: { $wallet } init
cli-hint-already-initialised = Another place is given with --data-dir DIR.
cli-hint-keystore-unavailable = For a key file, type: { $wallet } --keystore file init
cli-hint-issuer-not-recognised = Type: { $wallet } trust add FILE.pem --as issuer
cli-hint-wrong-code = A code is given with --code CODE.
cli-hint-link-expired = Each link works once, and for a short time.
cli-code-written = The code is in { $file }.

## Help of the terminal: one message for each command, argument and option; `…-examples` come at the end.
cli-help-heading-usage = Usage
cli-help-heading-commands = Commands
cli-help-heading-arguments = Arguments
cli-help-heading-options = Options
cli-help-heading-always = Options of every command
cli-help-start =
    wallet keeps your documents on this computer and shows only what is needed.
    You decide every time. A history keeps what you shared, with whom and why.

    Try it with practice documents. Start the practice services in another terminal with
    wallet-sandbox, and open http://localhost:8930 to copy links from. Then:

      1. Create a practice wallet and choose a PIN   wallet --practice init
      2. Add a document from an offer                wallet --practice add 'LINK'
      3. See who asks, for what, and why             wallet --practice request 'LINK'
      4. Say yes                                     wallet --practice share 'LINK' --approve

    What you shared: wallet --practice history
    No system key store on this machine? Add --keystore file in the first step.
    All commands: wallet --help. One command: wallet share --help.
cli-help =
    Keeps your documents on this computer and shows only what is needed.
    The same wallet as the app, in a terminal.
cli-help-examples =
    Exit codes: 0 done, 1 a problem, 2 wrong use, 3 you (or your settings) said no, 4 wrong or blocked PIN.
    A LINK is one argument (in quotes), or - to read it from standard input, or a picture of a QR code.
    Type wallet alone for the first steps.
cli-help--data-dir = Where the wallet is kept; else the system's place for data
cli-help--practice = The practice wallet: a store of its own that trusts the practice issuers only
cli-help--keystore = What protects the keys beside the PIN: os (the system's key store), or file, which is weaker
cli-help--pin-file = Read the PIN from the first line of a file, or of standard input (-); else you are asked
cli-help--lang = English or Welsh
cli-help--json = One JSON object on standard output, for scripts
cli-help--tls-root = Trust one more root certificate for https, for tests; may be repeated
cli-help--help = Show this help
cli-help--version = Show the version
cli-help--link-argument = An offer or a request: the link in quotes, - for standard input, or a picture file
cli-help--id-argument = The id, as the lists show it
cli-help-init = Create a wallet and choose its PIN
cli-help-init-examples =
    Examples:
      wallet init
      wallet --practice --keystore file --pin-file pin.txt init
cli-help-doctor = Check the key store, the files, the clock and the trust list
cli-help-trust = Certificates you trust yourself, beside the trust list
cli-help-trust-add = Trust a certificate, because you know whose it is
cli-help-trust-add--anchor = A certificate in a PEM file, or a DID
cli-help-trust-add--as = What it may do: issuer (give documents), service (ask for details), status (say if a document is still good), attester (vouch for who a service is)
cli-help-trust-add-examples =
    Example:
      wallet trust add club-root.pem --as issuer
cli-help-trust-list = List them
cli-help-trust-remove = Trust one no longer
cli-help-offer = Read an offer and show it; nothing is added
cli-help-offer-examples =
    Example:
      wallet offer 'openid-credential-offer://?credential_offer_uri=…'
cli-help-add = Accept an offer and keep the document
cli-help-add--code = The code the issuer sent you another way; else you are asked
cli-help-add--only = Take only this one of the documents on offer; may be repeated
cli-help-add-examples =
    Examples:
      wallet add 'openid-credential-offer://?credential_offer=…'
      wallet add offer.png --code 493536
      wallet --pin-file pin.txt --json add - < link.txt
cli-help-add--issuer = Start without a link: the address of the issuer
cli-help-add--configuration = What you want there, by the issuer's own name; may be repeated
cli-help-add--redirect-port = Where the browser comes back to after signing in; else a free port
cli-help-collect = Ask for documents that were promised for later, and keep those that are ready
cli-help-provider = Who vouches for this wallet, where an issuer wants somebody to
cli-help-provider-set = Name the wallet provider
cli-help-provider-set--url = Its address
cli-help-provider-show = What an issuer needs to know to trust it
cli-help-documents = List your documents
cli-help-document = One document with its details and who has had it
cli-help-refresh = Ask the issuers whether your documents are still good, and for fresh copies where few are left; services are not told
cli-help-refresh--again = Ask for fresh copies even where enough are left, for example after your details changed
cli-help-remove = Delete a document with its copies and keys; nobody is told
cli-help-request = Read a request and show the question; nothing is sent
cli-help-request-examples =
    Example:
      wallet request 'openid4vp://?client_id=…&request_uri=…'
cli-help-share = Say yes to a request
cli-help-share--approve = Yes, share what the question says; without this nothing is sent
cli-help-share--use = Answer this part with this document, where several fit, or instead of another part; may be repeated
cli-help-share--details = Answer this part with this choice of details, where they take several; may be repeated
cli-help-share--add = Also share this part, which they said you may leave out; may be repeated
cli-help-share--despite-warnings = I have read the warnings and still want to share
cli-help-share--open = Open the page to go back to with the program in BROWSER
cli-help-share-examples =
    The question is always shown first, on standard error. Look at it alone with wallet request.

    Examples:
      wallet share LINK --approve
      wallet share LINK --approve --use licence=DOCUMENT_ID --add email
cli-help-decline = Say no; they are told that and nothing else
cli-help-show = Make a code that proves one fact in person, offline
cli-help-show--proof = Which fact, for example age-18
cli-help-show--list = List the facts you can prove
cli-help-show--qr = Draw the code into a .svg or .png file, or on the terminal (-)
cli-help-show--for = For how many seconds the code works, 10 to 600
cli-help-show-examples =
    Examples:
      wallet show --list
      wallet show age-18
      wallet show age-18 --qr code.svg --for 300
cli-help-history = What was shared, added and refused, newest first
cli-help-history--service = Only this service or issuer
cli-help-history--document = Only this document
cli-help-history--kind = Only this kind: added, removed, shared, shown, declined or refused
cli-help-history--since = From this day on, for example 2026-11-25
cli-help-history--search = Only entries with these words in their names
cli-help-history-show = One entry with everything about it
cli-help-history-verify = Check that no entry was changed or taken away
cli-help-lock = Say when the wallet is locked

sign-in-back-title = You can close this page
sign-in-back = Your wallet has the answer. Go back to it.
