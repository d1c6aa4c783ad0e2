//! Builds and splits JSON Pointers (RFC 6901), also in the fragment of a URI.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Extends a JSON Pointer by one member name, or by an item's index.
pub fn below(at: &str, name: &str) -> String {
    if !name.contains(['~', '/']) {
        return [at, "/", name].concat();
    }
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns the member name of one token of a pointer.
pub fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns the member names of a pointer, in order.
pub fn names(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescaped)
}

/// Returns the last member name of a pointer, or the whole text if it has no `/`.
pub fn last(pointer: &str) -> String {
    unescaped(pointer.rsplit('/').next().unwrap_or_default())
}

/// Returns the member of the top level that a pointer names, or `None` if it leads deeper.
pub fn top_level(pointer: &str) -> Option<String> {
    let member = pointer.strip_prefix('/').filter(|member| !member.contains('/'))?;
    Some(unescaped(member))
}

/// Decodes percent escapes; an invalid escape stays, and bytes that are not UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_taken_apart_as_it_was_built() {
        assert_eq!(below("/paths", "/a~b"), "/paths/~1a~0b");
        assert_eq!(last("/paths/~1a~0b"), "/a~b");
        assert_eq!(names("/paths/~1a~0b").collect::<Vec<_>>(), ["paths", "/a~b"]);
        assert_eq!(top_level("/a~1b").as_deref(), Some("a/b"));
        assert_eq!((top_level("/a/b"), top_level("a")), (None, None));
    }
}
