# Five wrong PINs are free; then even the right one must wait.
@ pin correct horse battery
@ wrong wrong horse battery
$ wallet --keystore file --pin-file pin init
> Your wallet is ready.
> This is weaker than the system's key store.
$ wallet --pin-file wrong documents
= 4
$ wallet --pin-file wrong documents
= 4
$ wallet --pin-file wrong documents
= 4
$ wallet --pin-file wrong documents
= 4
! You can try 1 more time.
$ wallet --pin-file wrong documents
= 4
$ wallet --pin-file pin documents
= 4
> (nothing)
! You must wait before the next try
! You can try again at
$ wallet --json --pin-file pin history
= 4
j /problem/code "pin-locked"
j /problem/retry_at
j /problem/data_left "no"
