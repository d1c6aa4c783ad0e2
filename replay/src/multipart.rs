//! Splits a multipart body by the rules of the format, independently of the sender's code.

/// One part of a multipart body.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) value: Vec<u8>,
}

impl Part {
    /// Shows the part as one line; for a file, only its size.
    pub(crate) fn line(&self) -> String {
        match &self.file {
            Some(file) => {
                let content_type = self.content_type.as_deref().unwrap_or("no content type");
                format!("{} = file `{file}`, {content_type}, {} bytes", self.name, self.value.len())
            }
            None => format!("{} = {}", self.name, String::from_utf8_lossy(&self.value)),
        }
    }
}

/// Returns the parts of a body.
pub(crate) fn parts(body: &[u8], boundary: &str) -> Vec<Part> {
    let delimiter = format!("--{boundary}");
    let text: Vec<&[u8]> = split(body, delimiter.as_bytes());
    text.iter()
        .filter_map(|part| part_of(part.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?))
        .collect()
}

fn part_of(part: &[u8]) -> Option<Part> {
    let at = part.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..at]).into_owned();
    let header = |name: &str| {
        head.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).map(str::to_owned)
    };
    let disposition = header("content-disposition")?;
    let content_type =
        header("content-type").and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()));
    Some(Part {
        name: quoted(&disposition, " name=\"")?,
        file: quoted(&disposition, " filename=\""),
        content_type,
        value: part[at + 4..].to_vec(),
    })
}

fn quoted(header: &str, key: &str) -> Option<String> {
    let (_, rest) = header.split_once(key)?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn split<'a>(mut body: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = body.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(&body[..at]);
        body = &body[at + delimiter.len()..];
    }
    pieces.push(body);
    pieces
}
