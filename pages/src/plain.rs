//! Removes markup, accents and case from a text, so that it can be compared with words.

/// Returns a text without the marks of Markdown, reStructuredText and HTML entities, with one space
/// between words.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace("\\*", "").replace("\\_", "_").replace("&nbsp;", " ");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let text = text.replace(['`', '*', '«', '»', '\u{a0}', '\u{200b}'], " ");
    let words: Vec<&str> = text.split_whitespace().map(without_emphasis).collect();
    words.join(" ").trim().to_owned()
}

/// Removes the underscores of `_emphasis_`, and keeps those of names.
fn without_emphasis(word: &str) -> &str {
    let is_marked = word.starts_with('_') && word.ends_with('_') && word.len() > 2;
    if is_marked { word.trim_matches('_') } else { word }
}

/// Returns a text in small letters without accents.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(without_accent).collect()
}

fn without_accent(char: char) -> Option<char> {
    let plain = match char {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        // Accents that stand apart from their letter.
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    };
    Some(plain)
}

/// Returns the folded plain text.
pub(crate) fn folded(text: &str) -> String {
    fold(&plain(text))
}

/// Tells whether a text could be the name of a parameter or field.
pub(crate) fn is_name(text: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || "_-.[]*$@".contains(c);
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$' || c == '[');
    starts && text.len() <= 120 && text.chars().all(is_inner) && !text.ends_with(['.', '-'])
}
