# Geiriau craidd y waled a'r derfynell, yn Gymraeg. Mae gan `en.ftl` yr un negeseuon yn yr un drefn.
# DRAFFT: machine-drafted with the published glossaries of UK public bodies; a Welsh translator has still to check it.
# Not translated: PIN, QR, names of commands and options, `{ $… }`.

## Did anything leave? Said at the end of every problem.
data-left = { $left ->
        [no] Ni chafodd dim ei rannu.
        [yes] Cafodd eich manylion eu rhannu.
       *[other] Nid ydym yn gwybod a gyrhaeddodd eich manylion.
    }

## Problems: the title, what happened, what to do.
problem-no-internet = Nid ydych wedi'ch cysylltu
    .happened = Nid oes gan y ddyfais hon gysylltiad â'r rhyngrwyd.
    .do = Gallwch weld dogfennau a dangos codau wyneb yn wyneb o hyd. Cysylltwch, yna rhowch gynnig arall.
problem-service-unreachable = Nid ydynt yn ateb
    .happened = Ni chafwyd ateb o'r ochr arall, neu nid oedd yr ateb yn gwneud synnwyr.
    .do = Arhoswch ychydig a rhowch gynnig arall. Os yw'n parhau, dywedwch wrthynt.
problem-link-not-understood = Nid dolen i waled yw hon
    .happened = Nid oes cynnig na chais y gall y waled hon ei ddarllen yn y ddolen neu'r llun.
    .do = Copïwch y ddolen gyfan eto, neu defnyddiwch lun clir o'r cod.
problem-link-expired = Mae'r ddolen hon ar ben
    .happened = Mae'r cynnig neu'r cais wedi dod i ben, neu mae rhywun wedi'i ddefnyddio eisoes.
    .do = Gofynnwch iddynt am un newydd.
problem-issuer-not-recognised = Nid ydym yn adnabod y cyhoeddwr hwn
    .happened = Nid yw'r sefydliad sy'n cynnig y ddogfen ar unrhyw restr y mae'r waled hon yn ymddiried ynddi.
    .do = Gwiriwch fod y cynnig yn un go iawn. Os ydych yn siŵr, ymddiriedwch yn ei dystysgrif yn gyntaf.
problem-issuer-refused = Dywedodd y cyhoeddwr na
    .happened = Ni roddodd y sefydliad y ddogfen.
    .do = Gofynnwch iddo pam, neu gofynnwch am gynnig newydd.
problem-issuer-asked-wrongly = Torrodd y cyhoeddwr y rheolau
    .happened = Gofynnodd neu atebodd y sefydliad mewn ffordd nad oes hawl ganddo, felly stopiodd y waled.
    .do = Peidiwch â rhoi cynnig arall gyda'r un cynnig. Dywedwch wrth y cyhoeddwr.
problem-no-wallet-provider = Nid oes neb yn tystio dros y waled hon
    .happened = Dim ond i waledi y mae darparwr waledi yn tystio drostynt y mae'r cyhoeddwr hwn yn rhoi dogfennau. Nid oes un wedi'i osod.
    .do = Dewiswch ddarparwr waledi yn gyntaf. Yna agorwch y cynnig eto.
problem-wrong-code = Ni weithiodd y cod hwnnw
    .happened = Ni dderbyniodd y cyhoeddwr y cod.
    .do = Gwiriwch y cod a anfonwyd atoch. Yna rhowch gynnig arall, neu gofynnwch am gynnig newydd.
problem-document-not-as-promised = Nid yw'r ddogfen yn iawn
    .happened = Nid yr hyn a gynigiwyd a gyrhaeddodd, neu mae'r llofnod yn anghywir. Ni chafodd ei chadw.
    .do = Peidiwch â rhoi cynnig arall gyda'r un cynnig. Dywedwch wrth y cyhoeddwr.
problem-service-not-recognised = Ni allwn ddod o hyd iddynt ar y gofrestr
    .happened = Nid yw'r gwasanaeth ar y gofrestr, ac mae'n gofyn am fanylion na ddylech eu rhoi i ddieithryn.
    .do = Peidiwch â rhannu. Os ydych yn eu hadnabod, gofynnwch mewn ffordd arall pwy ydynt.
problem-service-asked-wrongly = Nid yw'r cais hwn yn iawn
    .happened = Mae'r cais yn torri'r rheolau. Efallai nad yw'n dod oddi wrth y gwasanaeth y mae'n ei enwi.
    .do = Peidiwch â'i ateb. Ewch i wefan y gwasanaeth ei hun a dechreuwch eto.
problem-nothing-matches = Nid yw hwn gennych
    .happened = Nid oes gennych ddogfen sy'n profi'r hyn y maent yn gofyn amdano.
    .do = Ychwanegwch y ddogfen yn gyntaf, neu dywedwch na. Ni chânt wybod beth sydd gennych.
problem-document-out-of-date = Nid yw'r ddogfen yn gyfredol
    .happened = Mae'r ddogfen hon wedi dod i ben, neu nid yw wedi dechrau eto.
    .do = Gofynnwch i'r cyhoeddwr am un newydd.
problem-document-withdrawn = Cafodd y ddogfen ei chanslo
    .happened = Mae'r cyhoeddwr wedi canslo neu oedi'r ddogfen hon.
    .do = Gofynnwch i'r cyhoeddwr pam.
problem-status-unknown = Ni allem wirio'r ddogfen
    .happened = Ni allem ofyn i'r cyhoeddwr a yw'r ddogfen hon yn dda o hyd.
    .do = Cysylltwch â'r rhyngrwyd, yna rhowch gynnig arall.
problem-consent-expired = Mae'r cwestiwn wedi newid neu ddod i ben
    .happened = Daeth eich ateb yn rhy hwyr, neu nid hwn yw'r cwestiwn a welsoch.
    .do = Agorwch y cais eto, darllenwch ef, ac atebwch ef.
problem-wrong-pin = Nid yw'r PIN yn gywir
    .happened = Nid y PIN a roesoch yw PIN y waled hon.
    .do = Rhowch gynnig arall yn ofalus. Ar ôl ychydig o gynigion anghywir rhaid aros.
problem-pin-locked = Rhaid aros cyn y cynnig nesaf
    .happened = Bu gormod o gynigion PIN anghywir.
    .do = Arhoswch, yna rhowch gynnig arall. Mae eich dogfennau'n ddiogel.
problem-pin-too-simple = Mae'r PIN hwn yn rhy hawdd ei ddyfalu
    .happened = Mae'r PIN yn rhy fyr, yn rhes fel 123456, neu'r un digid drosodd a throsodd.
    .do = Dewiswch 6 digid neu fwy, neu ymadrodd hirach. Nid eich pen-blwydd.
problem-keystore-unavailable = Nid oes storfa allweddi ar y cyfrifiadur hwn
    .happened = Mae'r waled yn cadw ei chyfrinach yn storfa allweddi'r system, ac nid oes un yn rhedeg yma.
    .do = Cychwynnwch y storfa allweddi, yna rhowch gynnig arall. Gellir defnyddio ffeil allwedd yn lle hynny, sy'n wannach.
problem-keystore-locked = Mae'r storfa allweddi wedi'i chloi
    .happened = Mae storfa allweddi eich cyfrifiadur wedi'i chloi.
    .do = Datglowch hi, yna rhowch gynnig arall.
problem-keystore-entry-missing = Mae cyfrinach y waled wedi mynd
    .happened = Nid yw'r gyfrinach sy'n agor y waled hon yn y storfa allweddi mwyach.
    .do = Dewch â storfa allweddi'r cyfrif a greodd y waled yn ôl. Os yw ar goll, gofynnwch am eich dogfennau eto.
problem-store-from-newer-app = Mae angen fersiwn mwy newydd ar y waled hon
    .happened = Mae fersiwn mwy newydd o'r rhaglen hon wedi newid ffeiliau'r waled.
    .do = Gosodwch y fersiwn diweddaraf. Ni newidiwyd ac ni chollwyd dim.
problem-store-damaged = Mae ffeiliau'r waled wedi'u difrodi
    .happened = Ni ellir darllen ffeiliau'r waled.
    .do = Peidiwch â'u dileu. Adferwch gopi, neu gofynnwch am help gyda'r manylion ar gyfer cymorth.
problem-store-in-use = Mae'r waled ar agor yn rhywle arall
    .happened = Mae rhaglen arall wedi agor y waled hon.
    .do = Caewch y rhaglen arall, yna rhowch gynnig arall.
problem-not-initialised = Nid oes waled yma eto
    .happened = Fe wnaethom edrych am waled yn y lle hwn heb ganfod un.
    .do = Crëwch un yn gyntaf.
problem-already-initialised = Mae waled yma eisoes
    .happened = Mae waled yn y lle hwn, a chafodd ei gadael fel y mae.
    .do = Defnyddiwch hi gyda'i PIN, neu dewiswch le arall.
problem-wallet-locked = Mae'r waled wedi'i chloi
    .happened = Rhaid datgloi'r waled ar gyfer hyn.
    .do = Datglowch hi gyda'ch PIN, yna rhowch gynnig arall.
problem-disk-full = Ni allem ysgrifennu i'r ddisg
    .happened = Mae'r ddisg yn llawn, neu ni chaiff y rhaglen ysgrifennu yno. Ysgrifennwn y cofnod yn gyntaf, felly stopiwyd.
    .do = Gwnewch le, yna rhowch gynnig arall.
problem-already-answered = Rydych wedi ateb hwn eisoes
    .happened = Cafodd y cais hwn ei ateb o'r blaen. Caiff pob cais ei ateb unwaith.
    .do = Gwelwch beth a rannwyd yn eich hanes. Os oes ei angen eto, gallant ofyn eto.
problem-clock-wrong = Mae'r cloc yn edrych yn anghywir
    .happened = Mae dyddiad neu amser y ddyfais hon yn edrych yn anghywir, felly ni allwn wirio dogfennau.
    .do = Gosodwch y cloc, yna rhowch gynnig arall.
problem-not-found = Ni allem ddod o hyd i hwnnw
    .happened = Nid oes dim yn y waled hon â'r enw neu'r rhif hwnnw.
    .do = Rhestrwch yr hyn sydd yno, yna dewiswch o'r rhestr.
problem-sending-failed = Ni weithiodd yr anfon
    .happened = { $left ->
            [no] Ni allem gyrraedd y gwasanaeth.
            [yes] Atebodd y gwasanaeth gyda gwall.
           *[other] Roeddem yn anfon, ac ni ddywedodd y gwasanaeth eu bod ganddo.
        }
    .do = { $left ->
            [no] Rhowch gynnig arall, neu gofynnwch i'r gwasanaeth am gais newydd.
           *[other] Gofynnwch i'r gwasanaeth a yw eich manylion ganddo cyn eu hanfon eto.
        }
problem-cannot-be-renewed = Ni allwn gael copïau newydd
    .happened = Nid yw'r sefydliad yn rhoi copïau newydd o'r ddogfen hon i'r waled hon, neu nid yw'n rhoi rhagor.
    .do = Mynnwch y ddogfen gan y sefydliad eto. Mae'r hyn sydd gennych yn aros nes iddi ddod i ben.
problem-stopped = Rydych wedi stopio hyn
    .happened = Nid oes dim wedi'i ychwanegu.
    .do = Agorwch yr un ddolen eto os ydych yn dal eisiau'r ddogfen.
problem-something-went-wrong = Aeth rhywbeth o'i le
    .happened = Nam yn y rhaglen yw hwn, nid rhywbeth a wnaethoch chi.
    .do = Rhowch gynnig arall. Os yw'n parhau, anfonwch y manylion ar gyfer cymorth atom.

## Warnings about a request.
warning-not-registered = Ni allwn ddod o hyd i'r gwasanaeth hwn ar y gofrestr. Gall unrhyw un wneud cais fel hwn.
warning-vouched-for = Mae { $name } yn tystio pwy yw hwn. Nid yw ar y gofrestr, felly nid oes neb wedi gwirio beth y caiff ofyn amdano.
warning-asks-too-much = { $count ->
        [zero] Nid ydynt yn gofyn am ddim na chofrestrwyd.
        [one] Maent yn gofyn am 1 peth na wnaethant ei gofrestru.
        [two] Maent yn gofyn am 2 beth na wnaethant eu cofrestru.
        [few] Maent yn gofyn am { $count } pheth na wnaethant eu cofrestru.
        [many] Maent yn gofyn am { $count } pheth na wnaethant eu cofrestru.
       *[other] Maent yn gofyn am { $count } peth na wnaethant eu cofrestru.
    }
caution-not-registered = Nid ydynt wedi cofrestru i ofyn am hyn, felly ni allwch ei ychwanegu.
warning-not-needed = { $why } Ein barn ni yw hyn, nid barn y gofrestr.
warning-together-registered = Gyda'r hyn a rannwyd gennych â nhw yn y 30 diwrnod diwethaf, byddent yn gwybod hyn i gyd. Mae'n fwy nag a gofrestrwyd ganddynt at unrhyw un diben.
warning-together-needed = Gyda'r hyn a rannwyd gennych â nhw yn y 30 diwrnod diwethaf, byddent yn gwybod hyn i gyd. Yn ein barn ni mae'n fwy nag sydd ei angen arnynt.
warning-sensitive-to-stranger = Maent yn gofyn am fanylion sensitif, ac nid ydynt ar y gofrestr.
warning-registration-withdrawn = Cafodd eu cofrestriad ei ganslo.
warning-cannot-agree = Ni all yr un o’ch dogfennau lofnodi’r hyn y maent am i chi gytuno iddo.

## Yr hyn y mae ie yn cytuno iddo y tu hwnt i rannu manylion, yn ôl math, ac enwau ei rannau.
agreement-org-citizen-wallet-payment-1 = Talu { $amount } i “{ $payee }”
agreement-org-citizen-wallet-payment-1-payee = Telir i
agreement-org-citizen-wallet-payment-1-amount = Swm
agreement-org-citizen-wallet-payment-1-reference = Cyfeirnod
agreement-org-citizen-wallet-agreement-1 = Cytuno i’r ddogfen “{ $title }”
agreement-org-citizen-wallet-agreement-1-title = Dogfen
agreement-org-citizen-wallet-agreement-1-document-sha256 = Ei hôl bys
agreement-org-citizen-wallet-agreement-1-document-uri = Ble i’w darllen

## What they will not learn.
not-learned-name = Eich enw
not-learned-birth-date = Eich dyddiad geni
not-learned-address = Eich cyfeiriad
not-learned-photo = Eich llun
not-learned-document-number = Rhif eich dogfen
not-learned-other-documents = Eich dogfennau eraill
not-learned-elsewhere = Ble arall rydych wedi dangos y ddogfen hon

## Legal bases of UK GDPR, article 6, as a service states them.
legal-basis-public-task = Tasg gyhoeddus
legal-basis-legal-obligation = Mae'r gyfraith yn gofyn amdano
legal-basis-legitimate-interests = Eu buddiannau cyfreithlon
legal-basis-consent = Eich cydsyniad
legal-basis-contract = Contract gyda chi
legal-basis-vital-interests = I ddiogelu bywyd

## Proofs to show in person.
proof-age = Rwy'n { $age } oed neu drosodd
proof-born-before-2009 = Cefais fy ngeni cyn 1 Ionawr 2009 (ar gyfer tybaco)

## What a person should know about a document.
note-copies-linkable = Gwnaeth y sefydliad gopïau'r ddogfen hon yn debyg i'w gilydd. Gallai gwasanaethau weld eu bod yn perthyn i'r un person, hyd yn oed os nad ydych yn rhannu dim arall.
change-ends = Yn dod i ben
note-only-that-you-have-it = Yr unig beth a ddysgant yw bod y ddogfen hon gennych, a phwy a’i rhoddodd i chi.
note-shared-whole = Ni all y math hwn o ddogfen guddio dim: bydd gwasanaeth rydych yn ei rhannu ag ef yn gweld y cyfan.
nhs-number-hidden = Heb ei ddangos
note-nhs-number-hidden = Nid oes neb wedi gwirio mai eich rhif GIG chi yw hwn, felly nid yw'r waled yn ei ddangos. Byddai gwasanaeth rydych yn ei rannu ag ef yn ei weld.
note-ends = { $count ->
        [zero] Mae'r ddogfen hon yn dod i ben heddiw.
        [one] Mae'r ddogfen hon yn dod i ben yfory.
        [two] Mae'r ddogfen hon yn dod i ben ymhen deuddydd.
        [few] Mae'r ddogfen hon yn dod i ben ymhen { $count } diwrnod.
        [many] Mae'r ddogfen hon yn dod i ben ymhen { $count } diwrnod.
       *[other] Mae'r ddogfen hon yn dod i ben ymhen { $count } diwrnod.
    }
note-never-checked = Ni allwn wirio a yw'r ddogfen hon yn dal yn ddilys.
note-last-checked = Gwirion ni ddiwethaf ar { $date } fod y ddogfen hon yn ddilys. Gallai hynny fod wedi newid.
note-age-reached = Rydych wedi troi'n { $age } ers i'r ddogfen hon gael ei gwneud. Gofynnwch am gopi newydd os oes angen i chi brofi hynny.
picture-not-drawn = Llun na all y waled hon ei ddangos

## What a document or a party is called when nobody gives it a name.
party-without-name = Sefydliad anhysbys
no-reason-given = Nid yw'r sefydliad hwn wedi dweud wrthym pam y mae'n gofyn.

## What doctor looks at.
check-keystore = Storfa allweddi
check-keystore-there = Mae storfa allweddi'r system yno.
check-keystore-os = Mae'r gyfrinach yn storfa allweddi'r system.
check-keystore-file = Ffeil allwedd a ddiogelir gan eich PIN. Mae hyn yn wannach na storfa allweddi.
check-store = Ffeiliau'r waled
check-store-open = Gellir darllen y ffeiliau, ac maent yn gyfan.
check-store-locked = Mae'r ffeiliau yno. Rhaid cael eich PIN i edrych arnynt.
check-store-none = Nid oes waled yma eto.
check-clock = Cloc
check-clock-good = Mae'r cloc yn edrych yn iawn.
check-clock-wrong = Mae'r cloc yn edrych yn anghywir. Ni ellir gwirio dogfennau.
check-trust-list = Rhestr ymddiriedaeth
check-trust-list-until = Fel y daeth gyda'r rhaglen hon. Yn dda tan { $date }.
check-trust-list-fetched = Nôl ar { $fetched }. Yn dda tan { $date }.
check-trust-list-old = Wedi dyddio. Ni chydnabyddir neb nes nôl un mwy newydd.
check-trust-list-none = Nid oes un ar gyfer dogfennau go iawn eto. Gallwch ychwanegu tystysgrifau yr ydych yn ymddiried ynddynt.
check-history = Hanes
check-history-whole = { $count ->
        [zero] Dim cofnodion, ac mae'r gadwyn yn gyfan.
        [one] 1 cofnod, ac mae'r gadwyn yn gyfan.
        [two] 2 gofnod, ac mae'r gadwyn yn gyfan.
        [few] { $count } chofnod, ac mae'r gadwyn yn gyfan.
        [many] { $count } chofnod, ac mae'r gadwyn yn gyfan.
       *[other] { $count } cofnod, ac mae'r gadwyn yn gyfan.
    }
check-history-broken = Mae cadwyn y cofnodion wedi torri. Efallai fod rhywun wedi'i newid.
check-version = Fersiwn

## The terminal.
cli-tries-left = { $count ->
        [zero] Nid oes cynnig arall cyn aros.
        [one] Gallwch roi cynnig arni 1 waith eto.
        [two] Gallwch roi cynnig arni 2 waith eto.
        [few] Gallwch roi cynnig arni { $count } gwaith eto.
        [many] Gallwch roi cynnig arni { $count } gwaith eto.
       *[other] Gallwch roi cynnig arni { $count } gwaith eto.
    }
cli-retry-at = Gallwch roi cynnig arall ar { $time }.
cli-what-to-do = Beth i'w wneud: { $what }
cli-for-support = Ar gyfer cymorth: { $details }
cli-see-history-entry = Gweler yn eich hanes: { $wallet } history show { $id }
cli-practice = YMARFER. Nid oes dim yma'n go iawn.
cli-wrong-use = Ni theipiwyd hyn fel y mae'r waled yn ei ddisgwyl
cli-wrong-use-do = I weld sut i'w ddefnyddio, ychwanegwch --help at y gorchymyn.
cli-no-command = Ni roddwyd gorchymyn.
cli-both-from-stdin = Ni all y ddolen a'r PIN ddod o'r mewnbwn safonol gyda'i gilydd.
cli-lock = Mae'r waled wedi'i chloi pan nad yw'r rhaglen hon yn rhedeg. Nid oes dim i'w wneud.
cli-stopped-not-approved = Nid ydych wedi cytuno
cli-stopped-not-approved-happened = Dim ond y cwestiwn oedd hwn.
cli-stopped-not-approved-do = Darllenwch y cwestiwn uchod. I rannu, ychwanegwch --approve. I ddweud na, defnyddiwch { $wallet } decline.
cli-stopped-warnings-not-accepted = Arhoswch a darllenwch hwn yn gyntaf
cli-stopped-warnings-not-accepted-happened = Mae rhybuddion am y cais hwn.
cli-stopped-warnings-not-accepted-do = Peidio â rhannu sydd fwyaf diogel. Os ydych yn gwybod hyn oll ac am rannu o hyd, ychwanegwch --despite-warnings.
cli-stopped-blocked = Nid yw'r waled yn rhannu hyn
cli-stopped-blocked-happened = Ni chaiff y gwasanaeth hwn y manylion hyn o'r waled hon.
cli-stopped-blocked-do = Dywedwch na gyda { $wallet } decline. Gofynnwch i'r gwasanaeth mewn ffordd arall pwy ydynt.
cli-ask-pin = PIN:
cli-ask-new-pin = Dewiswch PIN:
cli-ask-new-pin-again = Yr un PIN eto:
cli-new-pin-rules = Dewiswch 6 digid neu fwy, neu ymadrodd hirach. Nid 123456, nid yr un digid drosodd a throsodd, nid eich pen-blwydd.
cli-pins-differ = Nid yw'r ddau PIN yr un fath.
cli-pin-file-unreadable = Ni ellid darllen PIN o { $file }.
cli-pin-not-asked = Nid oes terfynell i ofyn am y PIN. Rhowch ef gyda --pin-file FILE.
cli-link-is-an-offer = Cynnig o ddogfen yw'r ddolen hon. Defnyddiwch { $wallet } offer neu { $wallet } add.
cli-link-is-a-request = Cais am eich manylion yw'r ddolen hon. Defnyddiwch { $wallet } request neu { $wallet } share.
cli-progress-unlocking = Yn datgloi
cli-progress-creating = Yn gwneud allweddi a ffeiliau
cli-progress-checking = Yn gwirio
cli-progress-reading-offer = Yn darllen y cynnig
cli-provider-client = Enw ei waledi (client_id)
cli-provider-issuer = Yn llofnodi fel
cli-provider-anchor = Y dystysgrif y tu ôl i'r hyn a ddywed am waledi
cli-provider-key-anchor = Y dystysgrif y tu ôl i'r hyn a ddywed am allweddi
cli-promised = Bydd { $issuer } yn anfon “{ $name }” yn nes ymlaen. Gofynnwch eto ar ôl { $seconds } eiliad: { $wallet } collect { $id }
cli-nothing-promised = Nid oes dim wedi'i addo, ac nid oes dim yn aros.
cli-sign-in = Mewngofnodwch gyda'r cyhoeddwr. Agorwch y dudalen hon mewn porwr ar y cyfrifiadur hwn, a dewch yn ôl yma:
cli-progress-asking = Yn gofyn i'r cyhoeddwr
cli-progress-keys = Yn gwneud allweddi
cli-progress-getting = Yn nôl eich dogfen
cli-progress-keeping = Yn ei chadw
cli-progress-reading-request = Yn darllen y cais
cli-progress-sharing = Yn anfon
cli-progress-declining = Yn dweud na wrthynt
cli-progress-making-code = Yn gwneud y cod
cli-init-done = Mae eich waled yn barod. Dim ond eich PIN sy'n ei hagor, ac ni all neb ei ailosod.
cli-key-file-weaker = Cedwir eich allweddi mewn ffeil a ddiogelir gan eich PIN. Mae hyn yn wannach na storfa allweddi'r system.
cli-init-next = Nesaf, edrychwch ar gynnig: { $wallet } offer LINK
cli-doctor-well = Mae popeth yn iawn.
cli-doctor-not-well = Mae angen eich sylw ar rywbeth.
cli-recognised = ar y rhestr ymddiriedaeth
cli-registered = gwasanaeth cofrestredig
cli-added-by-you = chi sy'n ymddiried ynddo
cli-not-listed = ddim ar unrhyw restr na chofrestr
cli-vouched-for = nid yw ar y gofrestr, ond mae rhywun yn tystio drosto
cli-withdrawn = cofrestriad wedi'i ganslo
cli-trust-added = Wedi'i ychwanegu. Mae'r waled bellach yn ymddiried yn hwn am i chi ddweud hynny.
cli-trust-removed = Wedi'i dynnu.
cli-trust-none = Nid ydych wedi ychwanegu tystysgrifau.
cli-trust-not-a-certificate = Nid ffeil tystysgrif (PEM) yw { $file }, na DID.
cli-trust-practice = rhan o'r waled ymarfer
cli-trust-practice-only = Yn y waled ymarfer yn unig y mae'r dystysgrif ymarfer yn cyfrif. Ychwanegwch --practice.
cli-trust-yours = ychwanegwyd gennych chi
cli-role-issuer = caiff gyhoeddi dogfennau
cli-role-service = caiff ofyn am fanylion
cli-role-status = caiff ddweud a yw dogfennau'n dda o hyd
cli-role-attester = caiff dystio pwy yw gwasanaeth
cli-until = tan { $date }
cli-a-picture = (llun)
cli-sensitive = sensitif
cli-offer-title = Mae { $issuer } yn cynnig dogfen i chi
cli-what-you-get = Beth fyddwch chi'n ei gael
cli-copies = { $count ->
        [zero] dim copïau
        [one] 1 copi
        [two] 2 gopi
        [few] { $count } chopi
        [many] { $count } chopi
       *[other] { $count } copi
    }
cli-checked-later = Caiff pwy ydynt ei wirio pan fydd y ddogfen yn cyrraedd.
cli-not-supported = Ni all y waled hon ddal y ddogfen hon.
cli-insecure = Nid yw'r cysylltiad wedi'i ddiogelu. Mae hynny'n arferol ar eich cyfrifiadur eich hun, ac nid yn unman arall.
cli-offer-next = I'w hychwanegu: { $wallet } add LINK
cli-offer-next-code = I'w hychwanegu: { $wallet } add LINK --code CODE. Maent yn anfon y cod atoch mewn ffordd arall.
cli-only-not-offered = Nid yw { $id } yn y cynnig hwn. Ynddo: { $known }
cli-ask-code = Y cod a anfonwyd atoch:
cli-ask-code-digits = Y cod a anfonwyd atoch ({ $count } digid):
cli-added-count = { $count ->
        [zero] Ni ychwanegwyd dogfennau
        [one] Ychwanegwyd 1 ddogfen
        [two] Ychwanegwyd 2 ddogfen
        [few] Ychwanegwyd { $count } dogfen
        [many] Ychwanegwyd { $count } dogfen
       *[other] Ychwanegwyd { $count } dogfen
    }
cli-added-next = Gweld ei manylion: { $wallet } document ID
cli-held-before = Roedd gennych ddogfen fel hon o'r blaen. Mae'r hen un yma o hyd. Tynnwch hi gyda: { $wallet } remove ID
cli-documents-none = Nid oes gennych ddogfennau eto. Ychwanegwch un gyda: { $wallet } add LINK
cli-documents-count = { $count ->
        [zero] Dim dogfennau
        [one] Eich dogfen
        [two] Eich 2 ddogfen
        [few] Eich { $count } dogfen
        [many] Eich { $count } dogfen
       *[other] Eich { $count } dogfen
    }
cli-copies-left = { $left } o { $all } copi heb eu defnyddio eto
cli-details = Manylion
cli-who-has-had-it = Pwy sydd wedi'i chael
cli-never-shared = Neb eto.
cli-fresh-copies = Copïau newydd
cli-fresh-page = Ei chael o'r newydd yn
cli-fresh-kept = mae'r waled yn eu cael ei hun
cli-fresh-ended = nid yw'r cyhoeddwr yn rhoi rhagor
cli-fresh-none = nid yw'r cyhoeddwr yn rhoi rhai
cli-refresh-changed = Mae rhai manylion wedi newid:
cli-refresh-fetched = Mae copïau newydd yma. Nid oes dim arall wedi newid.
cli-refresh-later = Mae'r cyhoeddwr yn anfon copïau newydd yn nes ymlaen. Gofynnwch eto gyda: { $wallet } collect { $id }
cli-change-new = newydd: { $value }
cli-change-gone = ddim yno mwyach: { $value }
cli-technical = Technegol
cli-added-on = Ychwanegwyd
cli-type = Math
cli-format = Fformat
cli-signed-by = Llofnodwyd gan
cli-removed = Mae'r ddogfen, ei chopïau a'i hallweddi wedi mynd. Mae eich hanes yn aros. Ni ddywedwyd wrth neb.
cli-state-valid = ✓ Yn ddilys tan { $date }
cli-state-valid-always = ✓ Dilys
cli-state-not-checked = ? Yn ddilys tan { $date }, heb ei gwirio
cli-state-not-checked-always = ? Heb ei gwirio
cli-state-starts-later = ⏲ Yn dechrau { $date }
cli-state-ending = { $days ->
        [zero] ⚠ Yn dod i ben heddiw
        [one] ⚠ Yn dod i ben ymhen 1 diwrnod
        [two] ⚠ Yn dod i ben ymhen 2 ddiwrnod
        [few] ⚠ Yn dod i ben ymhen { $days } diwrnod
        [many] ⚠ Yn dod i ben ymhen { $days } diwrnod
       *[other] ⚠ Yn dod i ben ymhen { $days } diwrnod
    }
cli-state-ended = ✕ Wedi dod i ben { $date }
cli-state-suspended = ‖ Wedi'i hoedi gan y cyhoeddwr
cli-state-revoked = ✕ Wedi'i chanslo gan y cyhoeddwr
cli-state-broken = ✕ Ni ellir ei defnyddio
cli-checked-at = gwiriwyd { $time }
cli-request-title = Mae { $service } yn gofyn am eich manylion
cli-legal-name = Enw cyfreithiol: { $name }
cli-asks-through = Mae'n gofyn drwy { $name }.
cli-vouched-by = Mae { $name } yn tystio pwy ydyw.
cli-registered-until = Wedi'i gofrestru tan { $date }
cli-shared-before = { $count ->
        [zero] Nid ydych wedi rhannu gyda nhw o'r blaen.
        [one] Rydych wedi rhannu gyda nhw unwaith o'r blaen.
        [two] Rydych wedi rhannu gyda nhw ddwywaith o'r blaen.
        [few] Rydych wedi rhannu gyda nhw { $count } gwaith o'r blaen.
        [many] Rydych wedi rhannu gyda nhw { $count } gwaith o'r blaen.
       *[other] Rydych wedi rhannu gyda nhw { $count } gwaith o'r blaen.
    }
cli-started-here = Ai dyma lle y dechreuoch chi? Dylai cyfeiriad y wefan ddangos { $host }.
cli-what-they-get = Beth fyddant yn ei gael
cli-you-can-add = Gallwch ychwanegu'r rhain os dymunwch
cli-you-also-agree = Rydych hefyd yn cytuno i hyn
cli-agree-their-words = Eu geiriau nhw yw’r rhain. Mae ie yn llofnodi’r rhain hefyd, a gallant brofi hynny.
cli-from-document = O: { $document }
cli-nothing-fits = Nid oes gennych ddogfen sy'n ateb hyn ({ $query }).
cli-nothing-fits-at-all = Nid oes gennych ddogfen sy'n ateb y cais hwn.
cli-linkable = Defnyddiwyd y copi hwn o'r blaen. Gallai dau wasanaeth weld mai'r un ydyw.
cli-not-shared = Heb eu rhannu: { $details }
cli-or-use = Neu defnyddiwch { $document }:
cli-to-add = I'w ychwanegu: --add { $query }
cli-or-details = Neu rannu'r rhain yn lle hynny: { $details }:
cli-instead = Neu dewiswch hyn yn lle hynny
cli-to-choose = { $count ->
        [zero] Dim manylion. I'w ddewis:
        [one] 1 manylyn. I'w ddewis:
        [two] 2 fanylyn. I'w ddewis:
        [few] { $count } manylyn. I'w ddewis:
        [many] { $count } manylyn. I'w ddewis:
       *[other] { $count } manylyn. I'w ddewis:
    }
cli-why = Pam y maent yn gofyn
cli-kept-for = Maent yn dweud y byddant yn ei gadw: { $how }
cli-kept-not-said = Nid ydynt wedi dweud a fyddant yn ei gadw.
cli-legal-basis = Eu sail gyfreithiol, meddant: { $basis }
cli-privacy-notice = Hysbysiad preifatrwydd: { $address }
cli-not-learned = Beth na fyddant yn ei ddysgu
cli-be-careful = Byddwch yn ofalus
cli-your-answer = Eich ateb
cli-you-will-share = { $count ->
        [zero] Byddwch yn rhannu bod y ddogfen hon gennych, a dim sydd ynddi.
        [one] Byddwch yn rhannu 1 manylyn, unwaith.
        [two] Byddwch yn rhannu 2 fanylyn, unwaith.
        [few] Byddwch yn rhannu { $count } manylyn, unwaith.
        [many] Byddwch yn rhannu { $count } manylyn, unwaith.
       *[other] Byddwch yn rhannu { $count } manylyn, unwaith.
    }
cli-if-you-say-no = Os dywedwch na: ni chaiff dim ei anfon, ac ni chânt wybod beth sydd gennych. Efallai y gofynnant i chi ei brofi mewn ffordd arall.
cli-question-ends = Daw'r cwestiwn hwn i ben ar { $time }.
cli-request-next =
    I gytuno:     { $wallet } share LINK --approve
    I ddweud na:  { $wallet } decline LINK
cli-request-next-no = Ni allwch rannu hyn. I ddweud na wrthynt: { $wallet } decline LINK
cli-no-such-query = Ni ofynnwyd am ddim o'r enw { $query }.
cli-no-such-details = Nid oes gan { $query } ddewis o'r fath o fanylion. Dewiswch un y mae'r cwestiwn yn ei enwi.
cli-one-document-only = Maent yn derbyn un ddogfen ar gyfer { $query }.
cli-instead-not-beside = Mae { $query } yn sefyll yn lle rhan arall. Dewiswch ef gyda --use { $query }=DOCUMENT.
cli-document-does-not-answer = Nid yw { $document } yn ateb { $query }. Dewiswch un y mae'r cwestiwn yn ei enwi.
cli-shared = { $count ->
        [zero] Mae { $service } yn gwybod nawr bod y ddogfen hon gennych.
        [one] Rhannwyd 1 manylyn gyda { $service }.
        [two] Rhannwyd 2 fanylyn gyda { $service }.
        [few] Rhannwyd { $count } manylyn gyda { $service }.
        [many] Rhannwyd { $count } manylyn gyda { $service }.
       *[other] Rhannwyd { $count } manylyn gyda { $service }.
    }
cli-shared-nothing = Ni rannwyd dim gyda { $service }.
cli-shared-unknown = Nid ydym yn gwybod a gyrhaeddodd { $service }.
cli-go-back = Ewch yn ôl atynt:
cli-not-opened = Ni agorwyd y dudalen. Gosodwch BROWSER i raglen. Dim ond https neu dudalennau'r cyfrifiadur hwn a agorir.
cli-declined = Rydych wedi dweud na. Dim ond hynny a ddywedwyd wrth { $service }.
cli-they-will-see = Byddant yn gweld
cli-code-works = { $proof }. Mae'r cod hwn yn gweithio am { $seconds } eiliad.
cli-code-who = Mae unrhyw un sy'n darllen y cod yn gweld y manylion hyn. Dangoswch ef i'r sawl a ofynnodd yn unig.
cli-code-width = Mae angen { $columns } colofn ar y cod. Os nad yw'n ffitio, defnyddiwch --qr FILE.svg.
cli-code-too-wide = Gwnaed y cod ond ni chafodd ei dynnu. Mae angen { $columns } colofn arno. Gwnewch y ffenestr yn lletach, neu defnyddiwch --qr FILE.svg.
cli-window-narrow = Mae cod tua 160 colofn o led, ac mae'r ffenestr hon yn rhy gul. Defnyddiwch --qr FILE.svg.
cli-proof-not-held = nid oes gennych ddogfen ar gyfer hyn
cli-file-not-written = Ni ellir ysgrifennu { $file }.
cli-history-none = Dim byd eto. Pan fyddwch yn rhannu neu'n gwrthod, bydd yn ymddangos yma.
cli-history-head = Dolen olaf: { $head }
cli-history-first-broken = Y cofnod cyntaf nad yw'n ffitio: { $id }
cli-kind-added = Ychwanegwyd dogfen gan { $who }
cli-kind-renewed = Rhywbeth newydd mewn dogfen gan { $who }
cli-kind-removed = Tynnwyd dogfen
cli-kind-shared = Rhannwyd gyda { $who }
cli-kind-shown = Dangoswyd wyneb yn wyneb
cli-kind-declined = Dywedwyd na wrth { $who }
cli-kind-refused = Gwrthodwyd cais gan { $who }
cli-outcome-done = Wedi'i wneud
cli-outcome-shown = Wedi'i ddangos
cli-outcome-declined = Dywedoch chi na. Ni rannwyd dim.
cli-outcome-not-sure = Ddim yn siŵr a gyrhaeddodd
cli-outcome-failed = Methodd. Ni rannwyd dim.
cli-outcome-nothing = Ni rannwyd dim
cli-outcome-shared = { $count ->
        [zero] Ni rannwyd manylion
        [one] Rhannwyd 1 manylyn
        [two] Rhannwyd 2 fanylyn
        [few] Rhannwyd { $count } manylyn
        [many] Rhannwyd { $count } manylyn
       *[other] Rhannwyd { $count } manylyn
    }
cli-when = Pryd
cli-who = Pwy
cli-outcome = Sut y daeth i ben
cli-documents-used = Dogfennau
cli-asked-for = Gofynnwyd am
cli-shared-details = Rhannwyd
cli-why-row = Pam
cli-kept-row = Cedwir am
cli-legal-basis-row = Sail gyfreithiol
cli-through = Gofynnwyd drwy
cli-you-agreed = Cytunoch i hyn
cli-you-did-not-agree = Roeddent am i chi gytuno i hyn
cli-privacy-row = Hysbysiad preifatrwydd
cli-proof-row = Lle a dolen
cli-hint-not-initialised = Teipiwch: { $wallet } init
cli-hint-already-initialised = Rhoddir lle arall gyda --data-dir DIR.
cli-hint-keystore-unavailable = Ar gyfer ffeil allwedd, teipiwch: { $wallet } --keystore file init
cli-hint-issuer-not-recognised = Teipiwch: { $wallet } trust add FILE.pem --as issuer
cli-hint-wrong-code = Rhoddir cod gyda --code CODE.
cli-hint-link-expired = Mae pob dolen yn gweithio unwaith, ac am gyfnod byr.
cli-code-written = Mae'r cod yn { $file }.

## Help of the terminal: one message for each command, argument and option; `…-examples` come at the end.
cli-help-heading-usage = Defnydd
cli-help-heading-commands = Gorchmynion
cli-help-heading-arguments = Ymresymiadau
cli-help-heading-options = Opsiynau
cli-help-heading-always = Opsiynau pob gorchymyn
cli-help-start =
    Mae wallet yn cadw eich dogfennau ar y cyfrifiadur hwn ac yn dangos dim ond yr hyn sydd ei angen.
    Chi sy'n penderfynu bob tro. Mae hanes yn cadw beth a rannwyd, gyda phwy a pham.

    Rhowch gynnig arni gyda dogfennau ymarfer. Cychwynnwch y gwasanaethau ymarfer mewn terfynell arall
    gyda wallet-sandbox, ac agorwch http://localhost:8930 i gopïo dolenni. Yna:

      1. Creu waled ymarfer a dewis PIN          wallet --practice init
      2. Ychwanegu dogfen o gynnig               wallet --practice add 'LINK'
      3. Gweld pwy sy'n gofyn, am beth a pham    wallet --practice request 'LINK'
      4. Cytuno                                  wallet --practice share 'LINK' --approve

    Beth a rannwyd: wallet --practice history
    Dim storfa allweddi ar y peiriant hwn? Ychwanegwch --keystore file yn y cam cyntaf.
    Pob gorchymyn: wallet --help. Un gorchymyn: wallet share --help.
cli-help =
    Yn cadw eich dogfennau ar y cyfrifiadur hwn ac yn dangos dim ond yr hyn sydd ei angen.
    Yr un waled â'r ap, mewn terfynell.
cli-help-examples =
    Codau gorffen: 0 wedi'i wneud, 1 problem, 2 defnydd anghywir, 3 chi (neu eich gosodiadau) a ddywedodd na, 4 PIN anghywir neu wedi'i rwystro.
    Un ymresymiad (mewn dyfynodau) yw LINK, neu - i'w darllen o'r mewnbwn safonol, neu lun o god QR.
    Teipiwch wallet yn unig i weld y camau cyntaf.
cli-help--data-dir = Lle y cedwir y waled; fel arall lle'r system ar gyfer data
cli-help--practice = Y waled ymarfer: storfa ei hun sy'n ymddiried yn y cyhoeddwyr ymarfer yn unig
cli-help--keystore = Beth sy'n diogelu'r allweddi heblaw'r PIN: os (storfa allweddi'r system), neu file, sy'n wannach
cli-help--pin-file = Darllen y PIN o linell gyntaf ffeil, neu'r mewnbwn safonol (-); fel arall gofynnir i chi
cli-help--lang = Saesneg neu Gymraeg
cli-help--json = Un gwrthrych JSON ar yr allbwn safonol, ar gyfer sgriptiau
cli-help--tls-root = Ymddiried mewn un dystysgrif wraidd arall ar gyfer https, ar gyfer profion; gellir ei ailadrodd
cli-help--help = Dangos yr help hwn
cli-help--version = Dangos y fersiwn
cli-help--link-argument = Cynnig neu gais: y ddolen mewn dyfynodau, - am y mewnbwn safonol, neu ffeil llun
cli-help--id-argument = Yr id, fel y mae'r rhestrau'n ei ddangos
cli-help-init = Creu waled a dewis ei PIN
cli-help-init-examples =
    Enghreifftiau:
      wallet init
      wallet --practice --keystore file --pin-file pin.txt init
cli-help-doctor = Gwirio'r storfa allweddi, y ffeiliau, y cloc a'r rhestr ymddiriedaeth
cli-help-trust = Tystysgrifau yr ydych chi'n ymddiried ynddynt, heblaw'r rhestr ymddiriedaeth
cli-help-trust-add = Ymddiried mewn tystysgrif, am eich bod yn gwybod pwy sydd biau hi
cli-help-trust-add--anchor = Tystysgrif mewn ffeil PEM, neu DID
cli-help-trust-add--as = Beth y caiff ei wneud: issuer (rhoi dogfennau), service (gofyn am fanylion), status (dweud a yw dogfen yn dda o hyd), attester (tystio pwy yw gwasanaeth)
cli-help-trust-add-examples =
    Enghraifft:
      wallet trust add club-root.pem --as issuer
cli-help-trust-list = Eu rhestru
cli-help-trust-remove = Peidio ag ymddiried mewn un mwyach
cli-help-offer = Darllen cynnig a'i ddangos; ni chaiff dim ei ychwanegu
cli-help-offer-examples =
    Enghraifft:
      wallet offer 'openid-credential-offer://?credential_offer_uri=…'
cli-help-add = Derbyn cynnig a chadw'r ddogfen
cli-help-add--code = Y cod a anfonodd y cyhoeddwr mewn ffordd arall; fel arall gofynnir i chi
cli-help-add--only = Cymryd dim ond yr un hon o'r dogfennau a gynigir; gellir ei ailadrodd
cli-help-add-examples =
    Enghreifftiau:
      wallet add 'openid-credential-offer://?credential_offer=…'
      wallet add offer.png --code 493536
      wallet --pin-file pin.txt --json add - < link.txt
cli-help-add--issuer = Dechrau heb ddolen: cyfeiriad y cyhoeddwr
cli-help-add--configuration = Yr hyn yr ydych ei eisiau yno, yn ôl enw'r cyhoeddwr ei hun; gellir ei ailadrodd
cli-help-add--redirect-port = Lle mae'r porwr yn dod yn ôl ar ôl mewngofnodi; fel arall porth rhydd
cli-help-collect = Gofyn am ddogfennau a addawyd, a chadw'r rhai sy'n barod
cli-help-provider = Pwy sy'n tystio dros y waled hon, lle mae cyhoeddwr eisiau hynny
cli-help-provider-set = Enwi darparwr y waled
cli-help-provider-set--url = Ei gyfeiriad
cli-help-provider-show = Yr hyn y mae angen i gyhoeddwr ei wybod i ymddiried ynddo
cli-help-documents = Rhestru eich dogfennau
cli-help-document = Un ddogfen gyda'i manylion a phwy sydd wedi'i chael
cli-help-refresh = Gofyn i'r cyhoeddwyr a yw eich dogfennau'n dal yn ddilys, ac am gopïau newydd lle mae ychydig ar ôl; ni ddywedir wrth wasanaethau
cli-help-refresh--again = Gofyn am gopïau newydd hyd yn oed lle mae digon ar ôl, er enghraifft ar ôl i'ch manylion newid
cli-help-remove = Dileu dogfen gyda'i chopïau a'i hallweddi; ni ddywedir wrth neb
cli-help-request = Darllen cais a dangos y cwestiwn; ni chaiff dim ei anfon
cli-help-request-examples =
    Enghraifft:
      wallet request 'openid4vp://?client_id=…&request_uri=…'
cli-help-share = Cytuno i gais
cli-help-share--approve = Iawn, rhannwch yr hyn y mae'r cwestiwn yn ei ddweud; heb hyn ni chaiff dim ei anfon
cli-help-share--use = Ateb y rhan hon gyda'r ddogfen hon, lle mae sawl un yn ffitio, neu yn lle rhan arall; gellir ei ailadrodd
cli-help-share--details = Ateb y rhan hon gyda'r dewis hwn o fanylion, lle maent yn derbyn sawl un; gellir ei ailadrodd
cli-help-share--add = Rhannu'r rhan hon hefyd, y dywedasant y cewch ei gadael allan; gellir ei ailadrodd
cli-help-share--despite-warnings = Rwyf wedi darllen y rhybuddion ac am rannu o hyd
cli-help-share--open = Agor y dudalen i fynd yn ôl iddi gyda'r rhaglen yn BROWSER
cli-help-share-examples =
    Dangosir y cwestiwn yn gyntaf bob tro, ar y gwall safonol. Edrychwch arno ar ei ben ei hun gyda wallet request.

    Enghreifftiau:
      wallet share LINK --approve
      wallet share LINK --approve --use licence=DOCUMENT_ID --add email
cli-help-decline = Dweud na; dyna'r cyfan a ddywedir wrthynt
cli-help-show = Gwneud cod sy'n profi un ffaith wyneb yn wyneb, all-lein
cli-help-show--proof = Pa ffaith, er enghraifft age-18
cli-help-show--list = Rhestru'r ffeithiau y gallwch eu profi
cli-help-show--qr = Tynnu'r cod mewn ffeil .svg neu .png, neu ar y derfynell (-)
cli-help-show--for = Am sawl eiliad y mae'r cod yn gweithio, 10 i 600
cli-help-show-examples =
    Enghreifftiau:
      wallet show --list
      wallet show age-18
      wallet show age-18 --qr code.svg --for 300
cli-help-history = Beth a rannwyd, a ychwanegwyd ac a wrthodwyd, y diweddaraf yn gyntaf
cli-help-history--service = Dim ond y gwasanaeth neu'r cyhoeddwr hwn
cli-help-history--document = Dim ond y ddogfen hon
cli-help-history--kind = Dim ond y math hwn: added, removed, shared, shown, declined neu refused
cli-help-history--since = O'r diwrnod hwn ymlaen, er enghraifft 2026-11-25
cli-help-history--search = Dim ond cofnodion â'r geiriau hyn yn eu henwau
cli-help-history-show = Un cofnod gyda phopeth amdano
cli-help-history-verify = Gwirio na chafodd yr un cofnod ei newid na'i dynnu
cli-help-lock = Dweud pryd mae'r waled wedi'i chloi

sign-in-back-title = Gallwch gau'r dudalen hon
sign-in-back = Mae'r ateb gan eich waled. Ewch yn ôl ati.
