# The practice profile has a store of its own and says so in every answer.
@ pin correct horse battery
$ wallet --practice --keystore file --pin-file pin init
> PRACTICE. Nothing here is real.
> wallet --practice offer LINK
$ wallet --json --practice --pin-file pin documents
j /practice true
j /documents []
$ wallet --json --practice --pin-file pin documents --nonsense
= 2
j /practice true
$ wallet --json --practice --pin-file pin document nothing
= 1
j /practice true
j /problem/code "not-found"
$ wallet --json --practice --pin-file pin trust list
j /anchors
# The other profile is another wallet.
$ wallet --json --pin-file pin documents
= 1
j /problem/code "not-initialised"
$ wallet --practice --pin-file pin trust add pin --as issuer
= 2
! pin is not a certificate file (PEM), and not a DID.
$ wallet --practice --pin-file pin doctor
> Key store
> Trust list
> All is well.
$ wallet --json --practice doctor
j /checks/0/name
j /checks/0/ok true
