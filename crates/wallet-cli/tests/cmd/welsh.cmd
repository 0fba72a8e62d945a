# The same wallet in Welsh: results, problems, wrong use.
@ pin correct horse battery
@ wrong wrong horse battery
$ wallet --lang cy --pin-file pin documents
= 1
! Nid oes waled yma eto
! Ni chafodd dim ei rannu.
! Teipiwch: wallet init
$ wallet --lang cy --keystore file --pin-file pin init
> Mae eich waled yn barod.
> Mae hyn yn wannach na storfa allweddi'r system.
$ wallet --lang cy --pin-file pin documents
> Nid oes gennych ddogfennau eto.
$ wallet --lang cy --pin-file pin history
> Dim byd eto.
$ wallet --lang cy --pin-file pin show --list
> Rwy'n 18 oed neu drosodd
$ wallet --lang cy --pin-file pin trust list
> Nid ydych wedi ychwanegu tystysgrifau.
$ wallet --lang cy --pin-file pin trust add pin --as status
= 2
! Nid ffeil tystysgrif (PEM) yw pin, na DID.
$ wallet --lang cy --pin-file wrong documents
= 4
! Nid yw'r PIN yn gywir
! Ni chafodd dim ei rannu.
! Gallwch roi cynnig arni 4 gwaith eto.
$ wallet --lang cy --json --pin-file pin share nonsens --approve
= 1
j /problem/code "link-not-understood"
j /problem/title "Nid dolen i waled yw hon"
$ wallet --lang cy --pin-file pin doctor
> Storfa allweddi
> Mae popeth yn iawn.
# The language was said for those commands only.
$ wallet --pin-file pin documents
> You have no documents yet.
