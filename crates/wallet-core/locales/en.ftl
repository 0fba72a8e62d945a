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
    .do = Check that the offer is real. If you are sure, add their certificate to your trust list.
problem-issuer-refused = The issuer said no
    .happened = The organisation did not give the document.
    .do = Ask them why, or ask them for a new offer.
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
    .do = Start the key store. Or create the wallet with a key file, which is weaker (--keystore file).
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
    .do = Create one first: wallet init.
problem-already-initialised = There is a wallet here already
    .happened = This place holds a wallet, and it was left as it is.
    .do = Use it with its PIN, or choose another folder with --data-dir.
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
           *[other] The line broke while we were sending.
        }
    .do = { $left ->
            [no] Try again, or ask the service for a new request.
           *[other] Ask the service if it has your details before you send them again.
        }
problem-something-went-wrong = Something went wrong
    .happened = This is a fault in the program, not something you did.
    .do = Try again. If it goes on, send us the details for support.

## Warnings about a request.
warning-not-registered = We cannot find this service on the register. Anyone can make a request like this.
warning-asks-too-much = { $count ->
        [one] They are asking for 1 thing they did not register.
       *[other] They are asking for { $count } things they did not register.
    }
warning-plain-http = The connection to them is not protected. Others on the way could read it.
warning-status-not-checked = We could not check if your document is still good.
warning-sensitive-to-stranger = They ask for sensitive details, and they are not on the register.
warning-registration-withdrawn = Their registration was cancelled.
warning-register-out-of-date = Our copy of the register is old, so we cannot be sure who this is.

## What they will not learn.
not-learned-name = Your name
not-learned-birth-date = Your date of birth
not-learned-address = Your address
not-learned-photo = Your photo
not-learned-document-number = The number of your document
not-learned-other-documents = Your other documents

## Proofs to show in person.
proof-age = I am { $age } or over

## What a document or a party is called when nobody gives it a name.
document-without-name = Document
party-without-name = Unknown organisation
no-reason-given = This organisation has not told us why it is asking.

## What doctor looks at.
check-keystore = Key store
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
check-trust-list-until = Good until { $date }.
check-trust-list-old = It ended on { $date }.
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
