//! Decodes the entities of HTML: all numeric ones, and the names of ASCII and Latin-1.

use super::view::{Meant, number};

/// Maximum length of an entity without its `&`.
const MAX_BYTES: usize = 12;

/// The signs of ASCII that have a name.
const ASCII: [(&str, char); 38] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("tab", '\t'),
    ("newline", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
];

/// The names of U+00A0 to U+00DF, in their order. Letters from U+00E0 on are their lowercase.
const LATIN_1: &str = "\
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
    sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest agrave \
    aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml times oslash ugrave uacute ucirc uuml yacute thorn \
    szlig";

/// Decodes the entity whose `&` precedes `rest`. Returns what it means and how many bytes of `rest`
/// it takes. The case of a name is ignored, because that of the letter is.
pub(super) fn read(rest: &[u8]) -> Option<(Meant, usize)> {
    let is_of_entity = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let n_bytes = rest.iter().take(MAX_BYTES).take_while(|byte| is_of_entity(byte)).count();
    let name = rest.get(..n_bytes)?;
    let is_closed = rest.get(n_bytes) == Some(&b';');
    let letter = match name.strip_prefix(b"#") {
        Some(digits) => char::from_u32(numeric(digits)?)?,
        // Without a semicolon, a name can't be told from a parameter of a query.
        None if is_closed => named(std::str::from_utf8(name).ok()?)?,
        None => return None,
    };
    Some((Meant::Letter(letter), n_bytes + usize::from(is_closed)))
}

fn numeric(digits: &[u8]) -> Option<u32> {
    match digits.first()? {
        b'x' | b'X' => number(digits, 1..digits.len(), 16),
        _ => number(digits, 0..digits.len(), 10),
    }
}

fn named(name: &str) -> Option<char> {
    if let Some((_, sign)) = ASCII.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) {
        return Some(*sign);
    }
    let names = LATIN_1.split_ascii_whitespace();
    let at = names.into_iter().position(|known| name.eq_ignore_ascii_case(known))?;
    char::from_u32(0xa0 + u32::try_from(at).ok()?)
}
