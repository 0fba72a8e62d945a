### Geiriau’r ffenestr, Cymraeg. DRAFFT: nid yw siaradwr Cymraeg wedi gwirio’r geiriau hyn eto.
### Draft: not yet checked by a Welsh speaker. Terms after the glossary of uk.md 5. Every plural has all six forms.

## The whole window

app-name = Waled
app-title = { $page } – Waled
skip-to-content = Neidio i’r prif gynnwys
nav-label = Prif ddewislen
nav-documents = Dogfennau
nav-show = Dangos
nav-history = Hanes
nav-settings = Gosodiadau
nav-help = Help
nav-lock = Cloi
strip-practice = Waled ymarfer
strip-practice-more = Mae popeth ynddi yn ddychmygol.
strip-draft = Drafft
strip-draft-more = Nid yw siaradwr Cymraeg wedi gwirio’r geiriau hyn eto.
language-en = English
language-cy = Cymraeg

## Words used everywhere

back = Yn ôl
cancel = Canslo
continue = Parhau
done = Wedi gorffen
try-again = Rhoi cynnig arall
loading = Llwytho…
yes = Ie
no = Na
none = Dim
sensitive = Sensitif
detail-unnamed = enw'r cyhoeddwr ei hun arno
picture-of = { $label }: llun
to-documents = Mynd i’ch dogfennau
show-all =
    { $count ->
        [zero] Dangos { $count } arall
        [one] Dangos { $count } arall
        [two] Dangos { $count } arall
        [few] Dangos { $count } arall
        [many] Dangos { $count } arall
       *[other] Dangos { $count } arall
    }

## When something goes wrong

problem-left-no = Ni rannwyd dim.
problem-left-yes = Anfonwyd eich manylion.
problem-left-unknown = Ni allwn ddweud a gyrhaeddodd eich manylion.
problem-support = Manylion ar gyfer cymorth
problem-code = Cod
problem-history = Ei weld yn eich hanes
problem-starting = Ni allai’r waled ddechrau

## Dates

month-1 = Ionawr
month-2 = Chwefror
month-3 = Mawrth
month-4 = Ebrill
month-5 = Mai
month-6 = Mehefin
month-7 = Gorffennaf
month-8 = Awst
month-9 = Medi
month-10 = Hydref
month-11 = Tachwedd
month-12 = Rhagfyr
month-short-1 = Ion
month-short-2 = Chwef
month-short-3 = Maw
month-short-4 = Ebr
month-short-5 = Mai
month-short-6 = Meh
month-short-7 = Gorff
month-short-8 = Awst
month-short-9 = Medi
month-short-10 = Hyd
month-short-11 = Tach
month-short-12 = Rhag
weekday-0 = Dydd Sul
weekday-1 = Dydd Llun
weekday-2 = Dydd Mawrth
weekday-3 = Dydd Mercher
weekday-4 = Dydd Iau
weekday-5 = Dydd Gwener
weekday-6 = Dydd Sadwrn
date-long = { $day } { $month } { $year }
date-weekday = { $weekday } { $day } { $month } { $year }
date-today = Heddiw
date-yesterday = Ddoe
date-today-at = heddiw am { $time }
date-yesterday-at = ddoe am { $time }
date-at = { $date } am { $time }

## PIN

pin-label-passphrase = PIN neu gyfrinymadrodd
pin-show = Dangos
pin-hide = Cuddio
pin-show-label = Dangos beth rydych wedi’i deipio
pin-hide-label = Cuddio beth rydych wedi’i deipio
pin-missing = Teipiwch eich PIN.
pin-tries-left =
    { $count ->
        [zero] Nid yw hynny’n gywir. Nid oes cynnig ar ôl: rhaid aros.
        [one] Nid yw hynny’n gywir. Mae { $count } cynnig ar ôl, yna rhaid aros.
        [two] Nid yw hynny’n gywir. Mae { $count } gynnig ar ôl, yna rhaid aros.
        [few] Nid yw hynny’n gywir. Mae { $count } chynnig ar ôl, yna rhaid aros.
        [many] Nid yw hynny’n gywir. Mae { $count } chynnig ar ôl, yna rhaid aros.
       *[other] Nid yw hynny’n gywir. Mae { $count } cynnig ar ôl, yna rhaid aros.
    }
pin-wrong = Nid yw hynny’n gywir.
pin-wait = Gormod o gynigion. Gallwch roi cynnig arall ymhen { $time }.
pin-wait-over = Gallwch roi cynnig arall nawr.

## First run

welcome-title = Cadwch eich dogfennau ar y ddyfais hon. Dangoswch yr hyn sydd ei angen yn unig.
welcome-stored = Wedi’u cadw yma, nid gennym ni
welcome-stored-more = Mae eich dogfennau’n aros ar y ddyfais hon. Nid oes gennym gopi.
welcome-decide = Chi sy’n penderfynu bob tro
welcome-decide-more = Nid oes neb yn cael manylyn oni bai eich bod yn cytuno.
welcome-see = Gweld pwy sydd wedi cael beth
welcome-see-more = Mae eich hanes yn cadw beth a rannwyd, gyda phwy a pham.
welcome-not-government = Nid ap gan y llywodraeth yw hwn. Mae’n ffynhonnell agored.
welcome-practice = Waled ymarfer yw hon: mae pob person a dogfen ynddi yn ddychmygol.
welcome-start = Dechrau
abilities-title = Beth all y waled hon ei wneud, a beth na all
abilities-can = Gall
abilities-can-keep = Gadw eich dogfennau ar y ddyfais hon.
abilities-can-prove = Profi un ffaith, a gadael y gweddill allan.
abilities-can-record = Cadw cofnod o’r hyn a rannwyd gennych.
abilities-cannot = Ni all
abilities-cannot-back = Gael manylion yn ôl ar ôl i chi eu rhannu.
abilities-cannot-recover = Adfer eich dogfennau os anghofiwch eich PIN.
abilities-cannot-paper = Cymryd lle dogfen bapur pan ofynnir am un.
device-title = Beth sy’n diogelu’r ddyfais hon
device-lead = Mae dau beth yn agor y waled hon: eich PIN, ac allwedd y mae’r ddyfais hon yn ei chadw.
device-store = Storfa allweddi
device-store-os = Storfa’r system
device-store-os-more = Mae’r ddyfais hon yn cadw un rhan o’r allwedd. Eich PIN yw’r rhan arall.
device-store-file = Ffeil ar y ddyfais hon
device-store-file-more = Mae hyn yn wannach. Gallai rhywun sy’n copïo’r ffolder ddyfalu PIN byr mewn oriau.
device-file-advice = Dewiswch gyfrinymadrodd o 12 nod neu fwy.
device-pin = Eich PIN
device-pin-more = Byddwch yn ei ddewis nesaf. Mae ei angen i agor y waled, a phob tro y byddwch yn rhannu.
device-backup = Copi wrth gefn
device-backup-more = Ddim ar gael eto. Os collwch y ddyfais hon, gofynnwch am eich dogfennau eto.
device-strong = Da
device-weak = Gwannach
device-none = Dim
pin-choose-title = Dewiswch PIN
pin-choose-rules = Cyn i chi deipio
pin-rule-digits = 6 digid, neu gyfrinymadrodd hirach.
pin-rule-easy = Nid 123456, nid yr un digid dro ar ôl tro, nid eich pen-blwydd.
pin-rule-keep = Ni all neb ei ailosod i chi. Cadwch ef yn rhywle diogel.
pin-choose-label = PIN neu gyfrinymadrodd newydd
pin-choose-short = Defnyddiwch o leiaf 6 digid neu lythyren.
pin-choose-easy = Mae hwnnw’n rhy hawdd ei ddyfalu. Dewiswch un arall.
pin-repeat-title = Teipiwch eich PIN eto
pin-repeat-lead = Mae hyn yn gwneud yn siŵr mai dyna’r un oedd gennych mewn golwg.
pin-repeat-label = Yr un PIN neu gyfrinymadrodd
pin-repeat-different = Nid yw’r ddau yr un fath. Teipiwch ef eto, neu ewch yn ôl a dewis un arall.
pin-repeat-make = Gwneud fy waled
making-title = Gwneud eich waled
making-lead = Rydym yn gwneud eich allweddi. Mae hyn yn cymryd ychydig eiliadau.
ready-title = Mae eich waled yn barod
ready-lead = Gallwch ychwanegu eich dogfen gyntaf nawr.
ready-practice = Wrth ymarfer, mae tudalennau’r blwch tywod ar y cyfrifiadur hwn yn cynnig dogfennau i chi.
ready-add = Ychwanegu dogfen
ready-look = Edrych o gwmpas yn gyntaf

## Locked

unlock-title = Datgloi eich waled
unlock-lead = Mae eich dogfennau ar gau. Eich PIN sy’n eu hagor.
unlock-button = Datgloi
unlock-working = Yn agor…
unlock-forgot = Wedi anghofio eich PIN?
unlock-forgot-more = Ni all neb ei ailosod, dim hyd yn oed ni. Byddech yn dechrau eto gyda waled newydd ac yn gofyn am eich dogfennau eto.
waiting-request-title = Mae rhywbeth yn aros
waiting-request = Mae { $host } yn gofyn am rywbeth. Datglowch i’w ddarllen.
waiting-offer = Mae { $host } yn cynnig dogfen. Datglowch i edrych arni.
waiting-unchecked = Nid ydym wedi gwirio’r enw hwn eto.
idle-title = Ydych chi yno o hyd?
idle-lead =
    { $seconds ->
        [zero] Mae’r waled yn cloi nawr.
        [one] Bydd y waled yn cloi ymhen { $seconds } eiliad.
        [two] Bydd y waled yn cloi ymhen { $seconds } eiliad.
        [few] Bydd y waled yn cloi ymhen { $seconds } eiliad.
        [many] Bydd y waled yn cloi ymhen { $seconds } eiliad.
       *[other] Bydd y waled yn cloi ymhen { $seconds } eiliad.
    }
idle-status = Bydd y waled yn cloi ymhen 1 funud.
idle-stay = Aros ar agor
idle-lock = Cloi nawr

## Documents

home-title = Eich dogfennau
home-lead = Wedi’u cadw ar y ddyfais hon. Nid oes neb yn eu gweld oni bai eich bod yn cytuno.
home-show = Dangos rhywbeth wyneb yn wyneb
home-answer = Ateb cais
home-add = Ychwanegu dogfen
home-list = Dogfennau
home-search = Chwilio eich dogfennau
home-found =
    { $count ->
        [zero] Nid oes dogfen â’r enw hwnnw.
        [one] { $count } ddogfen
        [two] { $count } ddogfen
        [few] { $count } dogfen
        [many] { $count } dogfen
       *[other] { $count } dogfen
    }
home-empty-title = Nid oes gennych ddogfennau eto
home-empty-lead = Mae dwy ffordd o gael un.
home-empty-link = Agor dolen gan y sefydliad sy’n ei rhoi.
home-empty-picture = Agor llun o’u cod.
home-waiting = Mae rhywbeth yn aros amdanoch
home-waiting-open = Edrych arno
banner-revoked = { $name }: wedi’i chanslo gan { $issuer }
banner-revoked-more = Nid yw’n profi dim mwyach. Gofynnwch iddynt pam.
banner-suspended = { $name }: wedi’i hoedi gan { $issuer }
banner-suspended-more = Efallai y daw yn ôl. Ni allwch ei defnyddio tan hynny.
banner-ending = { $name }: yn dod i ben ar { $date }
banner-ending-more = Efallai y bydd angen gofyn am un newydd.
banner-open = Gweld y ddogfen hon
status-valid = Dilys
status-valid-until = Dilys tan { $date }
status-not-checked = Heb ei gwirio
status-not-checked-until = Heb ei gwirio · tan { $date }
status-starts = Yn dechrau { $date }
status-ending =
    { $days ->
        [zero] Yn dod i ben heddiw
        [one] { $days } diwrnod ar ôl
        [two] { $days } ddiwrnod ar ôl
        [few] { $days } diwrnod ar ôl
        [many] { $days } diwrnod ar ôl
       *[other] { $days } diwrnod ar ôl
    }
status-ended = Daeth i ben { $date }
status-suspended = Wedi’i hoedi
status-revoked = Wedi’i chanslo
status-broken = Ni ellir ei defnyddio
status-valid-line = Gwiriwyd gyda { $issuer } { $when }.
status-unchecked-line = Heb ei gwirio gyda { $issuer } eto.
status-not-checked-line = Ni allem ei gwirio. Gwiriwyd ddiwethaf { $when }.
status-never-checked-line = Ni allem ei gwirio eto.
status-starts-line = Ni allwch ei defnyddio cyn { $date }.
status-ending-line = Mae’n dod i ben ar { $date }. Cofiwch ofyn am un newydd mewn pryd. Cyhoeddwr: { $issuer }.
status-ended-line = Gallwch ei chadw i edrych arni. Nid yw’n profi dim mwyach.
status-suspended-line = Mae { $issuer } wedi oedi hon. Efallai y daw yn ôl.
status-revoked-line = Mae { $issuer } wedi canslo hon. Gofynnwch iddynt pam.
status-broken-line = Mae’r ffeil wedi’i difrodi, neu mae ei hallwedd wedi mynd. Gofynnwch am un newydd. Cyhoeddwr: { $issuer }.
kind-driving-licence = Gyrru
kind-proof-of-age = Oedran
kind-health = Iechyd
document-practice = Ymarfer
document-from = Cyhoeddwr: { $issuer }
document-details = Manylion
document-show = Dangos manylion
document-hide = Cuddio manylion
document-hidden =
    { $count ->
        [zero] Nid oes manylion yma.
        [one] Mae { $count } manylyn wedi’i guddio, fel na all neb ei ddarllen dros eich ysgwydd.
        [two] Mae { $count } fanylyn wedi’u cuddio, fel na all neb eu darllen dros eich ysgwydd.
        [few] Mae { $count } manylyn wedi’u cuddio, fel na all neb eu darllen dros eich ysgwydd.
        [many] Mae { $count } manylyn wedi’u cuddio, fel na all neb eu darllen dros eich ysgwydd.
       *[other] Mae { $count } manylyn wedi’u cuddio, fel na all neb eu darllen dros eich ysgwydd.
    }
document-status = Statws
document-check = Gwirio nawr
document-checking = Yn gwirio…
document-checked = Wedi gwirio. Nid oes dim wedi newid.
document-checked-changed = Wedi gwirio. Mae’r statws wedi newid.
document-issuer = Pwy a’i rhoddodd
document-issuer-host = Cyfeiriad gwe
document-issuer-list = Rhestr ymddiriedaeth
document-added = Ychwanegwyd
document-ends = Yn dod i ben
document-starts = Yn dechrau
document-who = Pwy sydd wedi’i chael
document-who-none = Neb. Nid ydych wedi rhannu’r ddogfen hon.
document-who-all = Gweld y cyfan yn eich hanes
document-technical = Technegol
document-format = Fformat
document-type = Math
document-copies = Copïau heb eu defnyddio
document-copies-value = { $left } o { $all }
document-copies-since = Y copïau hyn ers
fresh-title = Copïau newydd
fresh-kept = Rydym yn cael copïau newydd gan { $issuer } ein hunain cyn i’r rhain ddod i ben, a byth pan fyddwch yn rhannu.
fresh-ask = Cael copïau newydd nawr
fresh-asking = Yn gofyn
fresh-fetched = Mae copïau newydd yma. Mae’r manylion yr un fath.
fresh-later = Daw copïau newydd yn nes ymlaen. Byddwn yn gofyn eto.
fresh-waiting-more = Mae’r un newydd yn dweud rhywbeth arall. Gwiriwch hi cyn iddi gymryd lle hon.
fresh-ended = Nid yw { $issuer } yn rhoi rhagor o gopïau newydd i ni. Mynnwch y ddogfen ganddyn nhw eto.
fresh-elsewhere = I gael y ddogfen hon eto, ewch i’r dudalen hon. Cyhoeddwr: { $issuer }.
document-signed-by = Llofnodwyd gan
document-id = Rhif yn y waled hon
document-copies-few =
    { $count ->
        [zero] Nid oes copi preifat ar ôl. Gallai gwasanaethau gysylltu eich ymweliadau.
        [one] { $count } copi preifat ar ôl. Wedyn gallai gwasanaethau gysylltu eich ymweliadau.
        [two] { $count } gopi preifat ar ôl. Wedyn gallai gwasanaethau gysylltu eich ymweliadau.
        [few] { $count } chopi preifat ar ôl. Wedyn gallai gwasanaethau gysylltu eich ymweliadau.
        [many] { $count } chopi preifat ar ôl. Wedyn gallai gwasanaethau gysylltu eich ymweliadau.
       *[other] { $count } copi preifat ar ôl. Wedyn gallai gwasanaethau gysylltu eich ymweliadau.
    }
document-use = Dangos wyneb yn wyneb
document-remove = Tynnu
remove-title = Tynnu’r ddogfen hon: { $name }?
remove-lead = Efallai y bydd angen gofyn amdani eto. Cyhoeddwr: { $issuer }.
remove-history = Mae eich hanes yn aros.
remove-copies = Mae pob copi ohoni ar y ddyfais hon yn cael ei ddileu.
remove-pin = Teipiwch eich PIN i’w thynnu
remove-button = Tynnu’r ddogfen hon
remove-keep = Ei chadw
removed-title = Tynnwyd y ddogfen: { $name }
removed-lead = Nid yw ar y ddyfais hon mwyach. Mae eich hanes yn dal i ddweud beth a rannwyd.
recognised = Ar y rhestr ymddiriedaeth
recognised-added = Chi sy’n ymddiried yn hwn
recognised-not-listed = Ddim ar y rhestr ymddiriedaeth
recognised-vouched-for = Ddim ar y gofrestr, ond roedd rhywun yn tystio drosto
recognised-withdrawn = Wedi’i dynnu oddi ar y rhestr ymddiriedaeth

## Add a document

add-title = Ychwanegu dogfen
add-lead = Mae sefydliad yn rhoi dolen neu god i chi. Dewch â hi yma.
add-link-label = Dolen gan y sefydliad
add-link-hint = Mae’n dechrau gydag openid-credential-offer://
add-link-missing = Gludwch y ddolen a roddwyd i chi.
add-link-button = Edrych ar y cynnig
add-picture = Agor llun o’r cod
add-picture-more = Ffotograff neu lun sgrin o’r cod sgwâr. Caiff ei ddarllen ar y ddyfais hon. Gallwch hefyd ei ollwng yma neu ei ludo.
add-picture-large = Mae’r llun hwnnw’n rhy fawr. Dewiswch un o dan 8 MB.
add-reading = Yn darllen y cynnig…
add-picture-reading = Yn darllen y llun…
offer-title = Mae { $issuer } yn cynnig dogfen i chi
offer-title-many =
    { $count ->
        [zero] Nid yw { $issuer } yn cynnig dogfen i chi
        [one] Mae { $issuer } yn cynnig { $count } ddogfen i chi
        [two] Mae { $issuer } yn cynnig { $count } ddogfen i chi
        [few] Mae { $issuer } yn cynnig { $count } dogfen i chi
        [many] Mae { $issuer } yn cynnig { $count } dogfen i chi
       *[other] Mae { $issuer } yn cynnig { $count } dogfen i chi
    }
offer-listed-title = Sefydliad hysbys
offer-listed = Mae { $issuer } ar y rhestr ymddiriedaeth.
offer-yours-title = Chi sy’n ymddiried yn hwn
offer-yours = Nid yw { $issuer } ar y rhestr ymddiriedaeth. Chi a’i hychwanegodd.
offer-stranger-title = Nid ydym yn adnabod y sefydliad hwn
offer-stranger = Nid yw { $issuer } ar unrhyw restr ymddiriedaeth. Gall unrhyw un ddefnyddio’r enw hwn.
offer-withdrawn-title = Wedi’i dynnu oddi ar y rhestr ymddiriedaeth
offer-withdrawn = Roedd { $issuer } ar y rhestr ymddiriedaeth, ond nid yw mwyach. Ni allwch ychwanegu hyn.
offer-insecure = Nid yw’r cysylltiad â nhw wedi’i ddiogelu. Dim ond wrth ymarfer y mae hynny’n iawn.
offer-host = Cyfeiriad gwe
offer-stored = Beth fydd yn cael ei gadw
offer-copies =
    { $count ->
        [zero] Dim copi
        [one] { $count } copi
        [two] { $count } gopi, fel na all gwasanaethau gysylltu eich ymweliadau
        [few] { $count } chopi, fel na all gwasanaethau gysylltu eich ymweliadau
        [many] { $count } chopi, fel na all gwasanaethau gysylltu eich ymweliadau
       *[other] { $count } copi, fel na all gwasanaethau gysylltu eich ymweliadau
    }
offer-unsupported = Ni all y waled hon gadw’r math hwn o ddogfen.
offer-choose = Ychwanegu: { $name }
offer-choose-none = Dewiswch o leiaf un ddogfen.
offer-stranger-tick = Rwy’n adnabod y sefydliad hwn ac am barhau
offer-stranger-tick-missing = Ticiwch y blwch i barhau, neu dewiswch Peidio ag ychwanegu.
offer-continue = Parhau
offer-refuse = Peidio ag ychwanegu
offer-nothing = Ni ellir cadw dim o hyn yn y waled hon.
offer-learn = Ydyn nhw’n cael gwybod pan fyddwch yn ei defnyddio?
offer-learn-more = Nac ydyn. Rydych yn ei defnyddio heb ofyn iddynt.
code-title = Teipiwch y cod a anfonwyd atoch
code-lead-digits = Mae { $issuer } wedi anfon cod atoch mewn ffordd arall. Nifer y digidau: { $length }.
code-lead = Mae { $issuer } wedi anfon cod atoch mewn ffordd arall.
code-label = Cod
code-missing = Teipiwch y cod.
code-length = Nifer y digidau yn y cod: { $length }.
code-wrong = Ni weithiodd y cod hwnnw. Gwiriwch ef a rhowch gynnig arall.
browser-title = Mewngofnodwch gyda’r cyhoeddwr
browser-lead = Mae { $issuer } am i chi fewngofnodi ar ei dudalen ei hun. Byddwn yn agor eich porwr. Dewch yn ôl yma wedyn.
browser-host = Tudalen { $host } yw hi.
browser-open = Agor y porwr
browser-waiting = Mae eich porwr ar agor. Dewch yn ôl yma ar ôl mewngofnodi.
promised-title = Daw eich dogfen yn nes ymlaen
promised-lead = Mae angen amser ar y cyhoeddwr. Gallwch gau’r waled; ni chollir dim.
promised-list = Yn dod yn nes ymlaen
promised-one = { $name }, gan { $issuer }
promised-when =
    { $minutes ->
        [zero] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } munud.
        [one] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } funud.
        [two] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } funud.
        [few] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } munud.
        [many] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } munud.
       *[other] Gellir gofyn i’r cyhoeddwr eto ymhen { $minutes } munud.
    }
promised-ask = Gofyn nawr
promised-asking = Yn gofyn
promised-not-yet = Ddim yn barod eto.
getting-title = Yn cael eich dogfen
getting-which = Dogfen { $document } o { $documents }
getting-cancel = Canslo
getting-asked = Gofyn: { $issuer }
getting-keys = Gwneud allweddi newydd
getting-received = Derbyn y ddogfen
getting-checked = Gwirio pwy a’i llofnododd
step-done = Wedi’i wneud
step-now = Nawr
step-todo = Ddim eto
check-title = Gwirio’r manylion
check-lead = Dyma beth roddodd { $issuer } i chi. Cadwch hyn dim ond os yw’n gywir.
check-changed-title = Gwirio beth newidiodd
check-changed-lead = Rhoddodd { $issuer } y ddogfen hon i chi eto, ac mae’n dweud rhywbeth arall. Mae’r hen un yn aros nes i chi benderfynu.
check-all =
    { $count ->
        [zero] Nid oes manylion yn yr un newydd
        [one] Yr { $count } manylyn yn yr un newydd
        [two] Y { $count } fanylyn yn yr un newydd
        [few] Y { $count } manylyn yn yr un newydd
        [many] Y { $count } manylyn yn yr un newydd
       *[other] Pob un o’r { $count } manylyn yn yr un newydd
    }
check-changed-wrong = Ni allwn ei newid. Cadwch yr hen un, a dywedwch beth sydd o’i le. Cyhoeddwr: { $issuer }.
check-keep-new = Defnyddio’r un newydd
check-keep-old = Cadw’r hen un
change-before = Cynt
change-after = Nawr
change-new = Nid oedd yno
change-gone = Nid yw yno mwyach
check-wrong-title = Oes rhywbeth o’i le?
check-wrong = Ni allwn ei newid. Peidiwch â’i hychwanegu, a dywedwch beth sydd o’i le. Cyhoeddwr: { $issuer }.
check-held = Mae gennych ddogfen o’r math hwn yn barod. Bydd y ddwy’n cael eu cadw.
check-until = Yn dod i ben { $date }
check-pin = Teipiwch eich PIN i’w chadw
check-add = Ei hychwanegu
check-refuse = Peidio ag ychwanegu
adding = Yn ychwanegu…
added-title =
    { $count ->
        [zero] Nid ychwanegwyd dim
        [one] Ychwanegwyd y ddogfen: { $name }
        [two] Ychwanegwyd { $count } ddogfen
        [few] Ychwanegwyd { $count } dogfen
        [many] Ychwanegwyd { $count } dogfen
       *[other] Ychwanegwyd { $count } dogfen
    }
added-lead = Mae ar y ddyfais hon nawr. Nid oes neb yn ei gweld oni bai eich bod yn cytuno.
added-see = Ei gweld
added-more = Ychwanegu un arall
added-unchecked = Ni allem wirio ei statws eto. Byddwn yn rhoi cynnig arall.
received-waiting = Mae dogfen yn aros am eich caniatâd
received-waiting-more = Cyrhaeddodd cyn i’r waled gau. Nid yw wedi’i chadw eto.
received-waiting-open = Gwirio’r manylion

## Answer a request

answer-title = Ateb cais
answer-lead = Mae gwasanaeth yn gofyn am fanylion gyda dolen neu god. Nid oes dim yn cael ei anfon wrth ei agor.
answer-link-label = Dolen gan y gwasanaeth
answer-link-hint = Mae’n dechrau gydag openid4vp://
answer-link-missing = Gludwch y ddolen a roddwyd i chi.
answer-link-button = Darllen y cais
answer-picture = Agor llun o’r cod
answer-reading = Yn darllen y cais…
wrong-kind-offer = Mae’r ddolen hon yn cynnig dogfen i chi. Nid cais yw hi.
wrong-kind-request = Mae’r ddolen hon yn gofyn am fanylion. Nid cynnig yw hi.
origin-title = Ai dyma lle dechreuoch chi?
origin-lead = Daeth y cais hwn o sgrin arall. Edrychwch ar y dudalen lle gwelsoch y cod.
origin-question = Ydy cyfeiriad y wefan yn dechrau gyda hyn?
origin-why = Gall cod wedi’i gopïo anfon eich manylion at rywun arall.
origin-yes = Ydy, mae’n dechrau felly
origin-no = Nac ydy, stopio
origin-stopped-title = Rydych wedi stopio
origin-stopped-lead = Ni rannwyd dim. Caewch y dudalen honno. Os anfonodd rhywun y cod atoch, peidiwch â’u hateb.
question-title-one = Mae { $service } yn gofyn am: { $detail }
question-title-two = Mae { $service } yn gofyn am: { $first }, { $second }
question-title-more =
    { $count ->
        [zero] Mae { $service } yn gofyn a oes gennych ddogfen
        [one] Mae { $service } yn gofyn am { $count } manylyn
        [two] Mae { $service } yn gofyn am { $count } fanylyn
        [few] Mae { $service } yn gofyn am { $count } manylyn
        [many] Mae { $service } yn gofyn am { $count } manylyn
       *[other] Mae { $service } yn gofyn am { $count } manylyn
    }
question-title-blocked = Ni allwch rannu gyda { $service }
who-label = Pwy sy’n gofyn
who-registered = Gwasanaeth cofrestredig
who-registered-line = Mae { $name } ar y gofrestr o wasanaethau dibynadwy.
who-registered-until = Mae { $name } ar y gofrestr o wasanaethau dibynadwy tan { $date }.
who-asks-more = Maen nhw’n gofyn am fwy nag y gwnaethant gofrestru
who-asks-needless = Maen nhw’n gofyn am fwy nag sydd ei angen
who-asks-more-line = Mae { $name } wedi’i gofrestru, ond nid ar gyfer hyn i gyd.
who-yours = Chi sy’n ymddiried yn hwn
who-yours-line = Nid yw { $name } ar y gofrestr. Chi a’i hychwanegodd at y waled hon.
who-stranger = Heb gofrestru
who-stranger-line = Ni allwn ddod o hyd i { $name } ar y gofrestr. Gall unrhyw un ddefnyddio’r enw hwn.
who-vouched = Mae rhywun yn tystio drosto, heb ei gofrestru
who-vouched-line = Mae { $name } yn tystio pwy yw hwn. Nid yw ar y gofrestr.
who-withdrawn = Peidiwch ag ateb
who-withdrawn-line = Cafodd { $name } ei dynnu oddi ar y gofrestr.
who-blocked = Ni allwch rannu
who-intermediary = Mae { $name } yn gofyn ar eu rhan. Mae’n derbyn eich manylion ac yn eu pasio ymlaen.
who-check = Gwirio pwy yw hwn
who-name = Enw cyfreithiol
who-host = Cyfeiriad gwe
who-purposes = Wedi cofrestru i ofyn am
who-known = Beth wiriodd y waled
who-known-registered = Ei enw, ei gofnod ar y gofrestr a’i lofnod
who-known-stranger = Ei gyfeiriad gwe yn unig
who-known-vouched = Ei gyfeiriad gwe, a bod rhywun yn tystio dros ei enw
agree-title = Rydych hefyd yn cytuno i hyn
agree-lead = Eu geiriau nhw yw’r rhain. Os rhannwch, rydych yn llofnodi hyn hefyd, a gallant brofi hynny.
get-title = Beth fyddan nhw’n ei gael
get-from = O’ch dogfen: { $document }
get-choose = Pa ddogfen sy’n ateb?
get-choose-hint = Mae mwy nag un yn addas. Dewiswch yr un i’w defnyddio.
get-choose-missing = Dewiswch pa ddogfen i’w defnyddio.
get-different = Nid yw’r manylion ar y rhain yr un fath.
get-any = Maent yn derbyn unrhyw un o'r rhain
get-any-hint = Dewiswch pa un i'w rannu.
get-least = Yn rhannu leiaf.
get-option-more =
    { $count ->
        [zero] Dim manylion: { $details }
        [one] 1 manylyn: { $details }
        [two] 2 fanylyn: { $details }
        [few] { $count } manylyn: { $details }
        [many] { $count } manylyn: { $details }
       *[other] { $count } manylyn: { $details }
    }
get-theirs = Dyma'r hyn y gofynnwyd amdano gyntaf.
get-which-details = Pa fanylion?
get-beside = Maent yn derbyn mwy nag un. Gallwch hefyd ddangos:
get-linkable = Defnyddiwyd y copi hwn o’r blaen. Gallai gwasanaethau weld mai chi sydd yno eto.
add-these-title = Gallwch ychwanegu’r rhain os dymunwch
add-these-why = Pam: { $why }
add-these-one = Gallwch ychwanegu un o'r rhain
add-these-leave = Gadael hyn allan
add-these-none-why = Ni ddywedon nhw pam.
why-title = Pam maen nhw’n gofyn
why-purpose-none = Ni ddywedon nhw pam.
why-keep = Maen nhw’n dweud y byddan nhw’n ei gadw am
why-keep-none = Ni ddywedon nhw
why-basis = Sail gyfreithiol, yn eu geiriau nhw
why-privacy = Hysbysiad preifatrwydd
why-you = Chi a nhw
why-you-never = Nid ydych wedi rhannu gyda nhw o’r blaen.
why-you-before =
    { $count ->
        [zero] Nid ydych wedi rhannu gyda nhw o’r blaen.
        [one] Rydych wedi rhannu gyda nhw unwaith o’r blaen.
        [two] Rydych wedi rhannu gyda nhw ddwywaith o’r blaen.
        [few] Rydych wedi rhannu gyda nhw { $count } gwaith o’r blaen.
        [many] Rydych wedi rhannu gyda nhw { $count } gwaith o’r blaen.
       *[other] Rydych wedi rhannu gyda nhw { $count } gwaith o’r blaen.
    }
why-they-say = Eu geiriau nhw yw’r rhain. Ni all y waled eu gwirio.
get-not-title = Beth na fyddan nhw’n ei ddysgu
answer-block-title = Eich ateb
answer-count =
    { $count ->
        [zero] Byddwch yn rhannu **bod y ddogfen hon gennych**, a dim sydd ynddi.
        [one] Byddwch yn rhannu **{ $count } manylyn, unwaith**.
        [two] Byddwch yn rhannu **{ $count } fanylyn, unwaith**.
        [few] Byddwch yn rhannu **{ $count } manylyn, unwaith**.
        [many] Byddwch yn rhannu **{ $count } manylyn, unwaith**.
       *[other] Byddwch yn rhannu **{ $count } manylyn, unwaith**.
    }
answer-not-back = Ni allwch ei gymryd yn ôl, ond gallwch ofyn iddynt ei ddileu.
answer-agrees = Rydych hefyd yn llofnodi’r hyn y maent am i chi gytuno iddo.
answer-if-no = Os dywedwch na, nid oes dim yn cael ei anfon. Ni chânt wybod beth sydd gennych. Efallai y byddant yn gofyn i chi ei brofi mewn ffordd arall.
answer-no = Peidio â rhannu
answer-yes = Rhannu, yna rhoi’r PIN
answer-later = Penderfynu wedyn
answer-until = Gallwch ateb tan { $time }.
later-title = Gallwch benderfynu wedyn
later-lead = Ni rannwyd dim. Agorwch yr un ddolen eto cyn { $time }.
warn-title = Stopiwch a darllenwch hyn yn gyntaf
warn-lead = Mae’r waled yn eich cynghori i beidio â rhannu.
warn-what = Beth sydd o’i le
warn-details = Mae hyn yn ymwneud â
warn-tick = Rwyf wedi darllen hyn ac rwyf am rannu o hyd
warn-tick-missing = Ticiwch y blwch i rannu, neu dewiswch Peidio â rhannu.
warn-share = Rhannu beth bynnag, yna rhoi’r PIN
warn-pressure = Oes rhywun yn dweud wrthych am wneud hyn? Gallwch stopio. Nid oes dim yn digwydd os dywedwch na.
share-pin-title = Rhowch eich PIN i rannu
share-pin-lead =
    { $count ->
        [zero] Mae { $service } yn dysgu bod y ddogfen hon gennych.
        [one] Mae { $count } manylyn yn mynd at { $service }.
        [two] Mae { $count } fanylyn yn mynd at { $service }.
        [few] Mae { $count } manylyn yn mynd at { $service }.
        [many] Mae { $count } manylyn yn mynd at { $service }.
       *[other] Mae { $count } manylyn yn mynd at { $service }.
    }
share-pin-button = Rhannu nawr
share-pin-no = Peidio â rhannu
sending-title = Yn anfon at { $service }
sending-lead = Peidiwch â chau’r waled.
sending-history = Ysgrifennu yn eich hanes
sending-signed = Llofnodi eich manylion
sending-sent = Anfon at { $service }
result-shared = Rhannwyd gyda { $service }
result-shared-lead =
    { $count ->
        [zero] Maent yn gwybod nawr bod y ddogfen hon gennych.
        [one] Mae ganddynt { $count } manylyn nawr.
        [two] Mae ganddynt { $count } fanylyn nawr.
        [few] Mae ganddynt { $count } manylyn nawr.
        [many] Mae ganddynt { $count } manylyn nawr.
       *[other] Mae ganddynt { $count } manylyn nawr.
    }
result-declined = Dywedoch chi na
result-declined-lead = Nid anfonwyd dim at { $service }. Yr unig beth a ddywedwyd wrthynt oedd eich bod wedi dweud na.
result-unknown = Ni wyddom a gyrhaeddodd
result-unknown-lead = Anfonwyd eich manylion, ond nid atebodd { $service }. Efallai eu bod ganddynt.
result-unknown-do = Gofynnwch iddynt cyn rhoi cynnig arall.
result-failed = Ni rannwyd dim
result-failed-lead = Ni allai { $service } gymryd eich manylion. Nid anfonwyd dim.
result-return = Mynd yn ôl i { $host }
result-return-more = Mae mynd yn ôl yn agor eich porwr.
result-history = Ei weld yn eich hanes
result-shared-what = Beth a rannwyd gennych
nothing-title = Nid yw hyn gennych
nothing-lead = Gofynnodd { $service } am rywbeth nad yw’r un o’ch dogfennau yn ei brofi.
nothing-asked = Gofynnon nhw am
nothing-told = Dywedir na wrthynt. Nid ydynt yn dysgu beth sydd gennych.
nothing-no = Dweud na wrthynt
blocked-lead = Ni rannwyd dim, ac ni ellir rhannu dim.
blocked-do = Peidiwch ag anfon eich manylion atynt mewn ffordd arall.
blocked-close = Dweud na wrthynt a chau

## Show in person

show-title = Beth sydd angen i chi ei brofi?
show-lead = Dewiswch un. Dim ond hynny fyddan nhw’n ei weld.
show-needs = Nid oes gennych ddogfen sy’n profi hyn.
show-empty-title = Ni allwch ddangos dim eto
show-empty-lead = Ychwanegwch ddogfen sy’n profi rhywbeth yn gyntaf.
show-check-title = Gwirio beth fyddan nhw’n ei weld
show-check-from = O’ch dogfen: { $document }
show-check-see = Byddan nhw’n gweld
show-check-not = Ni fyddan nhw’n gweld
show-check-anyone = Bydd unrhyw un sy’n darllen y cod tra bydd yn gweithio yn gweld hyn.
show-check-pin = Teipiwch eich PIN i’w ddangos
show-photo-tick = Dangos fy llun. Data biometreg yw hwn.
show-photo-missing = Ticiwch y blwch i ddangos eich llun, neu ewch yn ôl.
show-make = Dangos y cod
show-making = Yn gwneud y cod…
code-page-lead = Gadewch iddynt ddarllen y cod.
code-works = Yn gweithio am { $time }
code-name = Cod sy’n profi: { $proof }
code-new = Gwneud cod newydd
code-stop = Stopio dangos
code-bigger = Mwy
code-smaller = Llai
code-said-ready =
    { $minutes ->
        [zero] Mae’r cod wedi dod i ben.
        [one] Mae’r cod yn barod. Mae’n gweithio am { $minutes } funud.
        [two] Mae’r cod yn barod. Mae’n gweithio am { $minutes } funud.
        [few] Mae’r cod yn barod. Mae’n gweithio am { $minutes } munud.
        [many] Mae’r cod yn barod. Mae’n gweithio am { $minutes } munud.
       *[other] Mae’r cod yn barod. Mae’n gweithio am { $minutes } munud.
    }
code-said-ready-seconds =
    { $seconds ->
        [zero] Mae’r cod wedi dod i ben.
        [one] Mae’r cod yn barod. Mae’n gweithio am { $seconds } eiliad.
        [two] Mae’r cod yn barod. Mae’n gweithio am { $seconds } eiliad.
        [few] Mae’r cod yn barod. Mae’n gweithio am { $seconds } eiliad.
        [many] Mae’r cod yn barod. Mae’n gweithio am { $seconds } eiliad.
       *[other] Mae’r cod yn barod. Mae’n gweithio am { $seconds } eiliad.
    }
code-said-minute = 1 funud ar ôl.
code-said-twenty = 20 eiliad ar ôl. Pwyswch Gwneud cod newydd i barhau.
code-said-ended = Mae’r cod hwn wedi dod i ben.
code-ended-title = Mae’r cod hwn wedi dod i ben
code-ended-lead = Nid yw’n profi dim mwyach. Gwnewch un newydd i barhau.
code-asked-title = Wnaethon nhw ei ddarllen?
code-asked-lead = Ni all y waled ddweud. Mae eich hanes yn dweud eich bod wedi’i ddangos.
code-asked-yes = Do
code-asked-again = Naddo, ei ddangos eto
code-history = Ei weld yn eich hanes

## History

history-title = Hanes
history-lead = Popeth a rannwyd, a ychwanegwyd neu a wrthodwyd gennych. Dim ond chi all weld hyn.
history-search = Chwilio
history-kind = Dangos
history-kind-all = Popeth
history-kind-shared = Rhannwyd ar-lein
history-kind-shown = Dangoswyd wyneb yn wyneb
history-kind-declined = Dywedoch chi na
history-kind-refused = Stopiwyd gan y waled
history-kind-added = Ychwanegwyd
history-kind-renewed = Diweddarwyd
history-kind-removed = Tynnwyd
history-service = Gwasanaeth
history-service-all = Pob un
history-when = Pryd
history-when-all = Unrhyw bryd
history-when-7 = Y 7 diwrnod diwethaf
history-when-30 = Y 30 diwrnod diwethaf
history-when-365 = Y flwyddyn ddiwethaf
history-clear = Clirio’r hidlyddion
history-filter-on =
    { $count ->
        [zero] Hidlo
        [one] Hidlo ({ $count })
        [two] Hidlo ({ $count })
        [few] Hidlo ({ $count })
        [many] Hidlo ({ $count })
       *[other] Hidlo ({ $count })
    }
history-found =
    { $count ->
        [zero] Nid oes dim yn cyfateb.
        [one] { $count } cofnod
        [two] { $count } gofnod
        [few] { $count } chofnod
        [many] { $count } chofnod
       *[other] { $count } cofnod
    }
history-empty-title = Dim byd eto
history-empty-lead = Pan fyddwch yn rhannu neu’n gwrthod, bydd yn ymddangos yma.
history-none-title = Nid oes dim yn cyfateb
history-none-lead = Rhowch gynnig ar lai o hidlyddion neu air arall.
history-in-person = Rhywun wyneb yn wyneb
history-this-wallet = Y waled hon
history-line-from = O: { $documents }
history-line-asked =
    { $count ->
        [zero] Ni ofynnwyd am ddim.
        [one] Gofynnwyd am { $count } manylyn.
        [two] Gofynnwyd am { $count } fanylyn.
        [few] Gofynnwyd am { $count } manylyn.
        [many] Gofynnwyd am { $count } manylyn.
       *[other] Gofynnwyd am { $count } manylyn.
    }
outcome-shared =
    { $count ->
        [zero] Ni rannwyd dim
        [one] Rhannwyd { $count } manylyn
        [two] Rhannwyd { $count } fanylyn
        [few] Rhannwyd { $count } manylyn
        [many] Rhannwyd { $count } manylyn
       *[other] Rhannwyd { $count } manylyn
    }
outcome-shown = Dangoswyd
outcome-declined = Dywedoch chi na
outcome-refused = Stopiwyd gan y waled
outcome-not-sure = Ddim yn siŵr
outcome-failed = Methodd, dim wedi’i anfon
outcome-added = Ychwanegwyd dogfen
outcome-renewed = Diweddarwyd dogfen
outcome-removed = Tynnwyd dogfen
entry-who = Pwy
entry-who-then = Y gofrestr, bryd hynny
entry-intermediary = Gofynnwyd drwy
entry-agreed = Cytunoch i hyn
entry-not-agreed = Roeddent am i chi gytuno i hyn
entry-why = Pam, yn eu geiriau nhw
entry-keep = Dywedon nhw y byddent yn ei gadw am
entry-basis = Sail gyfreithiol, yn eu geiriau nhw
entry-privacy = Hysbysiad preifatrwydd
entry-asked = Gofynnon nhw am
entry-shared = Rhannoch chi
entry-shown = Gallen nhw weld
entry-nothing = Dim
entry-values = Mae’r hanes yn cadw enwau manylion, byth yr hyn y maent yn ei ddweud.
entry-from = O ba ddogfen
entry-gone = ddim gennych mwyach
entry-warnings = Beth rybuddiodd y waled amdano
entry-how = Sut cyrhaeddodd nhw
entry-how-online = Dros y rhyngrwyd
entry-how-in-person = Cod a ddangoswyd wyneb yn wyneb
entry-left = A adawodd unrhyw beth y ddyfais hon?
entry-left-no = Naddo, dim.
entry-left-yes = Do.
entry-left-unknown = Ni allwn ddweud.
entry-proof = Prawf
entry-proof-number = Lle yn yr hanes
entry-proof-link = Dolen i’r cofnod blaenorol
entry-proof-check = Gwirio’r hanes cyfan
entry-proof-ok =
    { $count ->
        [zero] Nid oes cofnodion i’w gwirio.
        [one] Gwiriwyd { $count } cofnod. Ni newidiwyd dim.
        [two] Gwiriwyd { $count } gofnod. Ni newidiwyd dim.
        [few] Gwiriwyd { $count } chofnod. Ni newidiwyd dim.
        [many] Gwiriwyd { $count } chofnod. Ni newidiwyd dim.
       *[other] Gwiriwyd { $count } cofnod. Ni newidiwyd dim.
    }
entry-proof-broken = Newidiwyd rhywbeth yn yr hanes hwn. Nid yw cofnod { $entry } yn ffitio.
entry-when = Pryd
warning-not-registered = Nid oeddent ar y gofrestr.
warning-vouched-for = Roedd rhywun yn tystio pwy oeddent, ac nid oeddent ar y gofrestr
warning-cannot-agree = Ni allai yr un o’ch dogfennau ei lofnodi
warning-asks-too-much = Gofynnon nhw am fwy nag y gwnaethant gofrestru.
warning-sensitive-to-stranger = Gofynnodd rhywun anhysbys am fanylion sensitif.
warning-registration-withdrawn = Cafodd eu cofrestriad ei ganslo.
warning-other = Rhybudd arall: { $code }

## Settings

settings-title = Gosodiadau
settings-look = Sut mae’n edrych
settings-language = Iaith
settings-theme = Lliwiau
settings-theme-system = Yr un fath â’r ddyfais hon
settings-theme-light = Golau
settings-theme-dark = Tywyll
settings-theme-contrast = Cyferbyniad uchel
settings-text = Maint y testun
settings-text-100 = Arferol
settings-text-125 = Ychydig yn fwy
settings-text-150 = Mawr
settings-text-200 = Mwyaf
settings-motion = Symudiad
settings-motion-system = Yr un fath â’r ddyfais hon
settings-motion-less = Cyn lleied â phosibl
settings-security = Diogelwch
settings-lock = Cloi’r waled nawr
settings-lock-more = Mae hefyd yn cloi ar ôl 5 munud hebddoch.
settings-store = Storfa allweddi
settings-privacy = Preifatrwydd
settings-collect = Nid ydym yn casglu dim
settings-collect-more = Dim rhifau, dim adroddiadau, dim cyfrif. Mae’r hyn a wnewch yma yn aros yma.
settings-about = Am y waled hon
settings-about-open = Beth yw hon, a beth nad yw hi
about-title = Beth yw hon, a beth nad yw hi
about-is = Mae hi’n
about-is-open = Ffynhonnell agored. Gall unrhyw un ddarllen sut mae’n gweithio.
about-is-yours = Eiddo i chi. Mae eich dogfennau ar y ddyfais hon ac yn unman arall.
about-is-early = Cynnar. Defnyddiwch hi i ymarfer, nid i brofi pwy ydych chi go iawn.
about-not = Nid yw hi’n
about-not-government = Ap gan y llywodraeth. Nid yw unrhyw adran wedi’i gwneud na’i gwirio.
about-not-gov-wallet = GOV.UK Wallet, Ap y GIG na GOV.UK One Login.
about-not-legal = Ffordd ardystiedig o brofi pwy ydych chi.
about-not-judge = Barnwr pobl eraill. Gall gwasanaeth ar y gofrestr ddefnyddio eich manylion yn wael o hyd.
about-version = Fersiwn
about-licence = Trwydded
about-fonts = Y llythrennau yw Atkinson Hyperlegible, gan y Braille Institute (OFL 1.1).
about-access = Hygyrchedd
about-access-more = Wedi’i gwneud ar gyfer WCAG 2.2 AA a’i phrofi gan beiriant ar bob sgrin. Nid yw pobl anabl wedi’i phrofi eto.

## Help

help-title = Help
help-lead = Atebion byr. Nid yw’r waled byth yn eich anfon i wefan ohoni ei hun.
help-add-q = Sut ydw i’n ychwanegu dogfen?
help-add-a = Gofynnwch am ddolen neu god gan y sefydliad. Yna dewiswch Ychwanegu dogfen a gludwch y ddolen.
help-share-q = Beth sy’n digwydd pan fyddaf yn rhannu?
help-share-a = Rydych yn gweld pwy sy’n gofyn, beth maen nhw’n ei gael a pham. Nid oes dim yn gadael cyn i chi gytuno a theipio eich PIN.
help-no-q = Beth sy’n digwydd pan ddywedaf na?
help-no-a = Nid oes dim yn cael ei anfon. Dim ond eich bod wedi dweud na y mae’r gwasanaeth yn ei glywed.
help-back-q = Alla i gael manylion yn ôl?
help-back-a = Na allwch. Gallwch ofyn i’r gwasanaeth eu dileu. Mae eich hanes yn dweud beth gafodd.
help-pin-q = Rwyf wedi anghofio fy PIN
help-pin-a = Ni all neb ei ailosod. Byddech yn dechrau eto gyda waled newydd ac yn gofyn am eich dogfennau eto.
help-qr-q = Nid yw cod wyneb yn wyneb yn cael ei ddarllen
help-qr-a = Dewiswch Mwy, trowch y sgrin atynt, a gwnewch y sgrin yn fwy disglair.
help-scam-q = Mae rhywun yn dweud wrthyf am rannu
help-scam-a = Stopiwch. Nid oes rhaid i chi byth rannu. Os yw galwad gan fanc yn eich poeni, rhowch y ffôn i lawr a ffoniwch 159.
help-keys = Bysellfwrdd
help-keys-sections = Dogfennau, Dangos, Hanes, Gosodiadau
help-keys-add = Ychwanegu dogfen
help-keys-lock = Cloi
help-keys-back = Yn ôl
help-keys-help = Help
help-keys-sections-do = Ctrl + 1 i 4
help-keys-add-do = Ctrl + N
help-keys-lock-do = Ctrl + L
help-keys-back-do = Alt + ←
help-keys-help-do = F1

## A defect of the window itself

defect-title = Mae rhywbeth wedi mynd o’i le
defect-happened = Nam yn y waled yw hwn. Nid eich bai chi yw hyn.
defect-do = Ewch yn ôl i’ch dogfennau a rhowch gynnig arall. Mae eich hanes yn dweud beth a rannwyd.
