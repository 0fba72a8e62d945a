//! Opens an address with the program named in `BROWSER`, without a shell: https, or http on this machine.

use std::process::{Command, Stdio};

/// Opens it; says whether a program was started.
pub fn open(uri: &str) -> bool {
    browser(std::env::var("BROWSER").ok(), uri).is_some_and(|(program, args)| {
        Command::new(program)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .is_ok()
    })
}

/// The program of `$BROWSER` and its arguments. `%s` is replaced by the address, else it comes last.
fn browser(variable: Option<String>, uri: &str) -> Option<(String, Vec<String>)> {
    let parsed = url::Url::parse(uri).ok()?;
    let loopback = match parsed.host()? {
        url::Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    };
    if !(parsed.scheme() == "https" || parsed.scheme() == "http" && loopback) {
        return None;
    }
    // The parsed form: no spaces, nothing that starts like an option.
    let uri = parsed.to_string();
    let variable = variable?;
    let mut words = variable.split(':').next()?.split_whitespace();
    let program = words.next()?.to_owned();
    let mut args: Vec<String> = words.map(|word| word.replace("%s", &uri)).collect();
    if !variable.contains("%s") {
        args.push(uri);
    }
    Some((program, args))
}

#[cfg(test)]
mod tests {
    use super::browser;

    fn open(variable: &str, uri: &str) -> Option<(String, Vec<String>)> {
        browser(Some(variable.to_owned()), uri)
    }

    #[test]
    fn only_safe_addresses_are_opened_and_never_through_a_shell() {
        let https = "https://larkfield.example/done?code=1";
        assert_eq!(
            open("firefox", https),
            Some(("firefox".to_owned(), vec![https.to_owned()]))
        );
        assert_eq!(
            open("open -u %s -n", https),
            Some(("open".to_owned(), vec!["-u".into(), https.into(), "-n".into()]))
        );
        assert!(open("firefox", "http://localhost:8930/done").is_some());
        assert!(open("firefox", "http://[::1]:8930/done").is_some());
        for refused in [
            "http://larkfield.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "not a link",
            "http://192.168.1.4/",
        ] {
            assert_eq!(open("firefox", refused), None, "{refused}");
        }
        assert_eq!(browser(None, https), None);
        let injected = open("firefox", "https://x.example/;rm -rf ~ $(id)").unwrap().1;
        assert_eq!(injected.len(), 1);
        assert!(!injected[0].contains(' '));
    }
}
