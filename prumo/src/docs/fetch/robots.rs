//! Decides what a host's `robots.txt` lets this program read (RFC 9309).

/// The name by which `robots.txt` knows this program.
const NAME: &str = "prumo";

/// The rules of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Robots {
    /// A path's beginning, and whether it may be read.
    rules: Vec<(String, bool)>,
}

impl Robots {
    /// Reads the rules for this program, or else those for all.
    pub(super) fn parse(text: &str) -> Self {
        let (mut own, mut all) = (None, None);
        let mut names: Vec<String> = Vec::new();
        let mut is_in_rules = false;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if std::mem::take(&mut is_in_rules) {
                        names.clear();
                    }
                    names.push(value.to_ascii_lowercase());
                }
                "allow" | "disallow" => {
                    is_in_rules = true;
                    let rule = (value.to_owned(), key == "allow");
                    let add = |rules: &mut Option<Vec<(String, bool)>>| {
                        rules.get_or_insert_default().push(rule.clone());
                    };
                    if names.iter().any(|name| name == NAME) {
                        add(&mut own);
                    }
                    if names.iter().any(|name| name == "*") {
                        add(&mut all);
                    }
                }
                _ => (),
            }
        }
        Self { rules: own.or(all).unwrap_or_default() }
    }

    /// Tells whether a path may be read: the longest rule decides, and `allow` wins a draw.
    pub(super) fn allows(&self, path: &str) -> bool {
        let fitting = self.rules.iter().filter(|(rule, _)| !rule.is_empty() && fits(rule, path));
        let longest = fitting.max_by_key(|(rule, is_allowed)| (rule.len(), *is_allowed));
        longest.is_none_or(|(_, is_allowed)| *is_allowed)
    }
}

/// Tells whether a path begins like a rule, in which `*` is any text and `$` the end.
fn fits(rule: &str, path: &str) -> bool {
    let (rule, is_whole) = rule.strip_suffix('$').map_or((rule, false), |rule| (rule, true));
    let mut parts = rule.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    for part in parts {
        let Some(at) = (if is_whole { rest.rfind(part) } else { rest.find(part) }) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    !is_whole || rest.is_empty() || rule.ends_with('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: the rules, the path, and whether it may be read.
    #[test]
    fn the_longest_rule_for_this_program_decides() {
        let rows = [
            ("", "/a", true),
            ("User-agent: *\nDisallow: /", "/a", false),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /kb\nAllow: /kb/api", "/kb/api/x", true),
            ("User-agent: *\nDisallow: /kb\nAllow: /kb/api", "/kb/other", false),
            ("User-agent: other\nDisallow: /", "/a", true),
            ("User-agent: *\nDisallow: /\n\nUser-agent: Prumo\nDisallow: /b", "/a", true),
            ("User-agent: a\nUser-agent: prumo\nDisallow: /b # not b", "/b/c", false),
            ("User-agent: *\nDisallow: /*.json$", "/a/b.json", false),
            ("User-agent: *\nDisallow: /*.json$", "/a/b.json?x", true),
            ("<html>no robots: here</html>", "/a", true),
        ];
        for (text, path, expect) in rows {
            assert_eq!(Robots::parse(text).allows(path), expect, "{text:?} {path}");
        }
    }
}
