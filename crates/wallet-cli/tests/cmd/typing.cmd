# What is typed wrongly is explained, and touches nothing.
$ wallet
> wallet keeps your documents on this computer
> wallet --practice init
$ wallet --lang cy
> Mae wallet yn cadw eich dogfennau
$ wallet --help
> Usage: wallet
> share
> Exit codes: 0 done
$ wallet --lang cy share --help
> Cytuno i gais
> Defnydd: wallet share
> --approve
$ wallet --version
> wallet 0.
$ wallet --json
= 2
j /problem/code "wrong-use"
j /problem/data_left "no"
$ wallet fly
= 2
> (nothing)
! unrecognized subcommand 'fly'
$ wallet share
= 2
> (nothing)
! <LINK>
$ wallet --json share
= 2
j /problem/code "wrong-use"
j /problem/title
j /problem/happened
j /problem/do
$ wallet --pin-file - share - --approve
= 2
> (nothing)
! The link and the PIN cannot both come from standard input.
$ wallet --lang cy --pin-file - request -
= 2
! Ni all y ddolen a'r PIN ddod o'r mewnbwn safonol gyda'i gilydd.
$ wallet share 'openid4vp://?x' --use nothing
= 2
! expected QUERY=DOCUMENT
$ wallet show age-18 --qr code.gif
= 2
! expected a file ending in .svg or .png
$ wallet show age-18 --for 5
= 2
$ wallet show
= 2
$ wallet history --since yesterday
= 2
! expected a date like 2026-11-25
$ wallet history --since 2026-11-25 verify
= 2
$ wallet trust add a.pem --as friend
= 2
# Commands of later versions are not there yet.
$ wallet backup copy.bin
= 2
$ wallet lock
> The wallet is locked whenever this program is not running.
$ wallet --json lock
j /locked true
