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
    .do = Gwiriwch fod y cynnig yn un go iawn. Os ydych yn siŵr, ychwanegwch ei dystysgrif at eich rhestr.
problem-issuer-refused = Dywedodd y cyhoeddwr na
    .happened = Ni roddodd y sefydliad y ddogfen.
    .do = Gofynnwch iddo pam, neu gofynnwch am gynnig newydd.
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
    .do = Cychwynnwch y storfa allweddi. Neu crëwch y waled gyda ffeil allwedd, sy'n wannach (--keystore file).
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
    .do = Crëwch un yn gyntaf: wallet init.
problem-already-initialised = Mae waled yma eisoes
    .happened = Mae waled yn y lle hwn, a chafodd ei gadael fel y mae.
    .do = Defnyddiwch hi gyda'i PIN, neu dewiswch ffolder arall gyda --data-dir.
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
           *[other] Torrodd y cysylltiad wrth i ni anfon.
        }
    .do = { $left ->
            [no] Rhowch gynnig arall, neu gofynnwch i'r gwasanaeth am gais newydd.
           *[other] Gofynnwch i'r gwasanaeth a yw eich manylion ganddo cyn eu hanfon eto.
        }
problem-something-went-wrong = Aeth rhywbeth o'i le
    .happened = Nam yn y rhaglen yw hwn, nid rhywbeth a wnaethoch chi.
    .do = Rhowch gynnig arall. Os yw'n parhau, anfonwch y manylion ar gyfer cymorth atom.

## Warnings about a request.
warning-not-registered = Ni allwn ddod o hyd i'r gwasanaeth hwn ar y gofrestr. Gall unrhyw un wneud cais fel hwn.
warning-asks-too-much = { $count ->
        [zero] Nid ydynt yn gofyn am ddim na chofrestrwyd.
        [one] Maent yn gofyn am 1 peth na wnaethant ei gofrestru.
        [two] Maent yn gofyn am 2 beth na wnaethant eu cofrestru.
        [few] Maent yn gofyn am { $count } pheth na wnaethant eu cofrestru.
        [many] Maent yn gofyn am { $count } pheth na wnaethant eu cofrestru.
       *[other] Maent yn gofyn am { $count } peth na wnaethant eu cofrestru.
    }
warning-plain-http = Nid yw'r cysylltiad â nhw wedi'i ddiogelu. Gallai eraill ar y ffordd ei ddarllen.
warning-status-not-checked = Ni allem wirio a yw eich dogfen yn dda o hyd.
warning-sensitive-to-stranger = Maent yn gofyn am fanylion sensitif, ac nid ydynt ar y gofrestr.
warning-registration-withdrawn = Cafodd eu cofrestriad ei ganslo.
warning-register-out-of-date = Mae ein copi o'r gofrestr yn hen, felly ni allwn fod yn siŵr pwy yw hwn.

## What they will not learn.
not-learned-name = Eich enw
not-learned-birth-date = Eich dyddiad geni
not-learned-address = Eich cyfeiriad
not-learned-photo = Eich llun
not-learned-document-number = Rhif eich dogfen
not-learned-other-documents = Eich dogfennau eraill

## Proofs to show in person.
proof-age = Rwy'n { $age } oed neu drosodd

## What a document or a party is called when nobody gives it a name.
document-without-name = Dogfen
party-without-name = Sefydliad anhysbys
no-reason-given = Nid yw'r sefydliad hwn wedi dweud wrthym pam y mae'n gofyn.

## What doctor looks at.
check-keystore = Storfa allweddi
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
check-trust-list-until = Yn dda tan { $date }.
check-trust-list-old = Daeth i ben ar { $date }.
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
