//! Plain text, laid out: headings, rows, progress, and QR codes of half blocks. No colour with `NO_COLOR` or without a terminal.

use std::io::IsTerminal as _;

use crate::answer::complain;

/// Columns of a folded sentence.
const FOLD: usize = 80;

/// Whether and how text is coloured.
#[derive(Clone, Copy)]
pub struct Paint {
    colour: bool,
    /// On a terminal sentences are folded; elsewhere a line stays a line, so that scripts can search it.
    width: Option<usize>,
}

impl Paint {
    /// For results.
    pub fn for_results() -> Self {
        Self::on(std::io::stdout().is_terminal())
    }

    /// For messages.
    pub fn for_errors() -> Self {
        Self::on(std::io::stderr().is_terminal())
    }

    fn on(terminal: bool) -> Self {
        Self {
            colour: terminal && wanted(),
            width: terminal.then_some(FOLD),
        }
    }

    /// A sentence on lines of its own, indented, folded on a terminal.
    pub fn sentence(self, indent: usize, text: &str) -> String {
        let mut out = String::new();
        let mut used = 0;
        for word in text.split(' ') {
            let length = word.chars().count();
            if used > 0 && self.width.is_some_and(|width| indent + used + 1 + length > width) {
                out.push('\n');
                used = 0;
            }
            if used == 0 {
                out.push_str(&" ".repeat(indent));
            } else {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += length;
        }
        out.push('\n');
        out
    }

    /// A heading.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Less important.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    /// Something to be careful with. The words always say it too.
    pub fn warning(self, text: &str) -> String {
        self.with("1;33", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Whether the terminal is known to have fewer columns.
    pub fn is_narrower_than(self, columns: u32) -> bool {
        let width = self.width.and_then(|_| terminal_size::terminal_size());
        width.is_some_and(|(terminal_size::Width(width), _)| u32::from(width) < columns)
    }

    /// A QR code, two modules to a character, with its quiet zone: black on white where colour is allowed, else light
    /// blocks on the terminal's own dark ground.
    pub fn code(self, size: u32, path: &str) -> String {
        let dark = modules(size, path);
        let side = i64::from(size) + 8;
        let is_dark = |x: i64, y: i64| {
            let (Ok(x), Ok(y)) = (usize::try_from(x - 4), usize::try_from(y - 4)) else {
                return false;
            };
            dark.get(y).and_then(|row| row.get(x)).copied().unwrap_or(false)
        };
        let mut out = String::new();
        for y in (0..side).step_by(2) {
            let row: String = (0..side)
                .map(|x| {
                    let (above, below) = (is_dark(x, y), is_dark(x, y + 1) || (y + 1 >= side && !self.colour));
                    match (above == self.colour, below == self.colour) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    }
                })
                .collect();
            if self.colour {
                out.push_str(&format!("\u{1b}[38;5;16;48;5;231m{row}\u{1b}[0m\n"));
            } else {
                out.push_str(&row);
                out.push('\n');
            }
        }
        out
    }
}

fn wanted() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The core draws a code as runs `Mx yhNv1h-Nz`; here they are modules again.
fn modules(size: u32, path: &str) -> Vec<Vec<bool>> {
    let side = usize::try_from(size).unwrap_or_default();
    let mut dark = vec![vec![false; side]; side];
    for run in path.split('M').skip(1) {
        let parsed = run.split_once('h').and_then(|(start, rest)| {
            let (x, y) = start.split_once(' ')?;
            let (length, _) = rest.split_once('v')?;
            Some((
                x.parse::<usize>().ok()?,
                y.parse::<usize>().ok()?,
                length.parse::<usize>().ok()?,
            ))
        });
        let Some((x, y, length)) = parsed else { continue };
        if let Some(row) = dark.get_mut(y) {
            row.iter_mut().skip(x).take(length).for_each(|module| *module = true);
        }
    }
    dark
}

/// Rows of a label and a value, the values in one column.
pub fn rows(indent: usize, rows: &[(String, String)]) -> String {
    const WIDEST: usize = 34;
    let width = rows
        .iter()
        .map(|(label, _)| label.chars().count())
        .filter(|&width| width <= WIDEST)
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for (label, value) in rows {
        let gap = width.saturating_sub(label.chars().count()) + 2;
        let line = format!("{:indent$}{label}{:gap$}{value}", "", "");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A line on standard error while something takes its time, and gone afterwards. Only on a terminal.
pub struct Progress {
    shown: bool,
}

/// A progress line can be drawn: standard error is a terminal that can erase.
pub fn draws_progress() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Draws another text over the progress line that stands.
pub fn go_on(text: &str) {
    if draws_progress() {
        complain(&format!("\r\u{1b}[2K{text}…"));
    }
}

impl Progress {
    /// Says what is being done.
    pub fn say(text: &str) -> Self {
        let shown = draws_progress();
        if shown {
            complain(&format!("{text}…"));
        }
        Self { shown }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            complain("\r\u{1b}[2K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_a_quiet_zone_and_every_module_in_its_place() {
        // Three modules: the upper left corner, and one run of two.
        let drawn = Paint {
            colour: true,
            width: None,
        }
        .code(3, "M0 0h1v1h-1zM1 2h2v1h-2z");
        let lines: Vec<String> = drawn
            .lines()
            .map(|line| line.replace("\u{1b}[38;5;16;48;5;231m", "").replace("\u{1b}[0m", ""))
            .collect();
        assert_eq!(lines.len(), 6);
        assert!(lines[..2].iter().chain(&lines[4..]).all(|line| line.trim().is_empty()));
        assert_eq!(lines[2], "    ▀      ");
        assert_eq!(lines[3], "     ▀▀    ");
        let plain = Paint {
            colour: false,
            width: None,
        }
        .code(3, "M0 0h1v1h-1zM1 2h2v1h-2z");
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines[0], "███████████");
        assert_eq!(lines[2], "████▄██████");
        assert_eq!(lines[5].chars().filter(|c| *c == '▀').count(), 11, "{}", lines[5]);
    }

    #[test]
    fn values_stand_in_one_column_and_a_long_label_does_not_push_them_away() {
        let text = rows(
            2,
            &[
                ("Name".to_owned(), "Rhiannon".to_owned()),
                ("Date of birth".to_owned(), "15 March 1992".to_owned()),
                (
                    "A label that is a great deal longer than the others".to_owned(),
                    "x".to_owned(),
                ),
            ],
        );
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "  Name           Rhiannon");
        assert_eq!(lines[1], "  Date of birth  15 March 1992");
        assert!(lines[2].ends_with("others  x"));
    }

    #[test]
    fn a_sentence_is_folded_on_a_terminal_only() {
        let terminal = Paint {
            colour: false,
            width: Some(12),
        };
        assert_eq!(terminal.sentence(2, "one two three four"), "  one two\n  three four\n");
        assert_eq!(
            terminal.sentence(2, "incomprehensibilities x"),
            "  incomprehensibilities\n  x\n"
        );
        let file = Paint {
            colour: false,
            width: None,
        };
        assert_eq!(file.sentence(2, "one two three four"), "  one two three four\n");
    }
}
