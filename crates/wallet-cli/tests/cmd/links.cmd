# A link that is none, or is for the other thing, says so.
@ pin correct horse battery
@ note this is not a picture
$ wallet --keystore file --pin-file pin init
$ wallet --pin-file pin offer 'https://www.example.com/'
= 1
! This is not a link for a wallet
! Nothing was shared.
$ wallet --json --pin-file pin share 'not a link' --approve
= 1
j /problem/code "link-not-understood"
$ wallet --json --pin-file pin request note
= 1
j /problem/code "link-not-understood"
$ wallet --json --pin-file pin request -
< this is not a link
= 1
j /problem/code "link-not-understood"
$ wallet --pin-file pin request 'openid-credential-offer://?credential_offer=%7B%7D'
= 1
! This link is an offer of a document. Use wallet offer or wallet add.
$ wallet --lang cy --pin-file pin add 'openid4vp://?client_id=x509_hash:x&request_uri=https://service.example/r'
= 1
! Cais am eich manylion yw'r ddolen hon.
# Nobody is there: the port is closed.
$ wallet --json --lang en --pin-file pin request 'openid4vp://?client_id=x509_hash:x&request_uri=http://127.0.0.1:9/r'
= 1
j /problem/code "service-unreachable"
j /problem/data_left "no"
