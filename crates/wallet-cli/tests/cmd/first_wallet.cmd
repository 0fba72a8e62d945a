# A wallet is made, opened with its PIN and nothing else.
@ pin correct horse battery
@ wrong wrong horse battery
@ simple 123456
@ short 1234
$ wallet --pin-file pin documents
= 1
> (nothing)
! There is no wallet here yet
! Nothing was shared.
! wallet init
$ wallet --json --pin-file pin documents
= 1
j /problem/code "not-initialised"
j /problem/data_left "no"
$ wallet --keystore file --pin-file simple init
= 1
! This PIN is too easy to guess
$ wallet --json --keystore file --pin-file short init
= 1
j /problem/code "pin-too-simple"
$ wallet --keystore file --pin-file missing init
= 2
! No PIN could be read from missing.
$ wallet --json --keystore file --pin-file - init
< correct horse battery
j /created true
j /key_protection "file"
# The choice is remembered.
$ wallet --json --pin-file pin init
= 1
j /problem/code "already-initialised"
$ wallet --pin-file pin documents
> You have no documents yet.
$ wallet --json --pin-file pin documents
j /documents []
$ wallet --json --pin-file pin history
j /entries
$ wallet --json --pin-file pin history verify
j /ok true
j /head
j /first_broken null
$ wallet --pin-file pin history verify
> the chain is whole
$ wallet --lang cy --pin-file pin documents
> Nid oes gennych ddogfennau eto.
$ wallet --lang en --pin-file wrong documents
= 4
> (nothing)
! The PIN is not right
! Nothing was shared.
! You can try 4 more times.
$ wallet --json --pin-file wrong documents
= 4
j /problem/code "wrong-pin"
j /problem/tries_left 3
$ wallet --json --pin-file pin document nothing
= 1
j /problem/code "not-found"
$ wallet --json --pin-file pin remove nothing
= 1
j /problem/code "not-found"
$ wallet --json --pin-file pin history show nothing
= 1
j /problem/code "not-found"
$ wallet --pin-file pin show --list
> age-18
$ wallet --json --pin-file pin show age-18
= 1
j /problem/code "nothing-matches"
