//! A file for an upload: from the disk, streamed, or from memory.
//!
//! The size is known before the first byte is sent. A file on disk is opened
//! only when its turn comes, and must then still have that size.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use reqwest::Body;
use reqwest::multipart::Part;
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf, Take};
use tokio_util::io::ReaderStream;

use crate::record::{self, Record};

/// Bytes that are read from the disk at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Most bytes that a recording's bare size is turned into.
const MAX_STAND_IN_BYTES: u64 = 64 * 1024 * 1024;

/// One file of a form.
///
/// ```
/// use prumo_runtime::FilePart;
///
/// let from_disk = FilePart::from_path("/var/log/link.txt");
/// let from_memory = FilePart::from_bytes("link.txt", "down since 10:58").content_type("text/plain");
/// # assert_eq!(format!("{from_disk:?}"), "FilePart(on disk)");
/// # assert_eq!(format!("{from_memory:?}"), "FilePart(16 bytes)");
/// ```
///
/// `Debug` shows neither path, name nor content. As JSON it is an object with
/// `path` or `bytes` (text, or a list of byte values), `name` and
/// `content_type`. Reading also takes `file` for `name`, and a number for
/// `bytes`: that many zero bytes, to stand for a file of which only the size
/// was recorded.
#[derive(Clone)]
pub struct FilePart {
    content: Content,
    name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone)]
enum Content {
    Path(PathBuf),
    Bytes(Bytes),
}

impl FilePart {
    /// A file on disk. Its name is the path's last part.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: Content::Path(path), name, content_type: None }
    }

    /// Bytes in memory, under a name.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { content: Content::Bytes(bytes.into()), name: Some(name.into()), content_type: None }
    }

    /// Sends the file under another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, which is otherwise told from the name.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The size in bytes. Asks the disk; the error names the file, but not its
    /// folder, which tells of the caller's machine and not of the call.
    pub(crate) fn size(&self) -> Result<u64, String> {
        match &self.content {
            Content::Bytes(bytes) => Ok(bytes.len() as u64),
            Content::Path(path) => match std::fs::metadata(path) {
                Ok(found) if found.is_file() => Ok(found.len()),
                Ok(_) => Err(format!("{} is no file", shown(path))),
                Err(error) => Err(format!("{}: {}", shown(path), error.kind())),
            },
        }
    }

    /// The file as a part of a form, `size` bytes long.
    pub(crate) fn part(&self, size: u64) -> Result<Part, reqwest::Error> {
        let body = match &self.content {
            Content::Bytes(bytes) => Body::from(bytes.clone()),
            Content::Path(path) => Body::wrap_stream(ReaderStream::with_capacity(
                LateFile::Closed(path.clone(), size),
                CHUNK_BYTES,
            )),
        };
        // Without a file name PHP takes a part for a plain field.
        let name = self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("file");
        Part::stream_with_length(body, size)
            .file_name(header_text(name))
            .mime_str(self.content_type.as_deref().unwrap_or_else(|| told_from(name)))
    }
}

impl From<PathBuf> for FilePart {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

impl From<&Path> for FilePart {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Path(_) => f.write_str("FilePart(on disk)"),
            Content::Bytes(bytes) => write!(f, "FilePart({} bytes)", bytes.len()),
        }
    }
}

/// The last part of a path, for an error.
fn shown(path: &Path) -> String {
    path.file_name().map_or_else(|| "the path".into(), |name| format!("`{}`", name.to_string_lossy()))
}

/// Text that can't end the quoted string, or the header, that it is put in.
///
/// Quotes, line breaks and other control characters become percent triplets,
/// as browsers send them; letters of any script stay.
pub(crate) fn header_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '"' || letter.is_ascii_control() {
            out.push_str(&crate::encode::encode_path(letter.encode_utf8(&mut [0; 4])));
        } else {
            out.push(letter);
        }
    }
    out
}

/// The media type that an ending tells.
fn told_from(name: &str) -> &'static str {
    const KINDS: [(&str, &str); 15] = [
        ("csv", "text/csv"),
        ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("gif", "image/gif"),
        ("jpeg", "image/jpeg"),
        ("jpg", "image/jpeg"),
        ("json", "application/json"),
        ("log", "text/plain"),
        ("pdf", "application/pdf"),
        ("png", "image/png"),
        ("txt", "text/plain"),
        ("webp", "image/webp"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xml", "application/xml"),
        ("zip", "application/zip"),
    ];
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let kind = KINDS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    kind.map_or("application/octet-stream", |&(_, kind)| kind)
}

/// A file that is opened when it is first read.
enum LateFile {
    Closed(PathBuf, u64),
    Opening(Pin<Box<dyn Future<Output = io::Result<Take<File>>> + Send>>),
    Open(Pin<Box<Take<File>>>),
}

async fn open(path: PathBuf, size: u64) -> io::Result<Take<File>> {
    let file = File::open(path).await?;
    if file.metadata().await?.len() != size {
        return Err(changed());
    }
    Ok(file.take(size))
}

/// The size was announced in the request's head and can't be taken back.
fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "a file changed its size while it was sent")
}

impl AsyncRead for LateFile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let next = match &mut *self {
                Self::Closed(path, size) => Self::Opening(Box::pin(open(std::mem::take(path), *size))),
                Self::Opening(opening) => Self::Open(Box::pin(ready!(opening.as_mut().poll(task))?)),
                Self::Open(file) => {
                    let before = buffer.filled().len();
                    ready!(file.as_mut().poll_read(task, buffer))?;
                    let is_end = buffer.filled().len() == before;
                    return Poll::Ready(if is_end && file.limit() > 0 { Err(changed()) } else { Ok(()) });
                }
            };
            *self = next;
        }
    }
}

/// The JSON form of a [`FilePart`].
struct Written {
    path: Option<PathBuf>,
    bytes: Option<WrittenBytes>,
    name: Option<String>,
    content_type: Option<String>,
}

enum WrittenBytes {
    Text(String),
    Size(u64),
    List(Vec<u8>),
}

impl Record for Written {
    const NAME: &'static str = "FilePart";
    const MEMBERS: &'static [&'static str] = &["path", "bytes", "name", "file", "content_type"];

    fn read<'de, M: record::MapAccess<'de>>(members: &mut record::Members<M>) -> Result<Self, M::Error> {
        let mut written = Self { path: None, bytes: None, name: None, content_type: None };
        loop {
            match members.next()? {
                Some(0) => members.value(&mut written.path),
                Some(1) => members.value(&mut written.bytes),
                Some(2 | 3) => members.value(&mut written.name),
                Some(4) => members.value(&mut written.content_type),
                Some(_) => members.skip(),
                None => return Ok(written),
            }?;
        }
    }

    fn write<M: SerializeMap>(&self, members: &mut record::Written<M>) {
        members.optional("path", &self.path);
        members.optional("bytes", &self.bytes);
        members.optional("name", &self.name);
        members.optional("content_type", &self.content_type);
    }
}

impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        record::write(&Written::from(self.clone()), json)
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        record::read::<Written, D>(json)?.try_into().map_err(D::Error::custom)
    }
}

impl Serialize for WrittenBytes {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(json),
            Self::Size(size) => size.serialize(json),
            Self::List(bytes) => bytes.serialize(json),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenBytes {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let any = record::any(json)?;
        let text = record::branch(&any).map(Self::Text);
        let number = || record::branch(&any).map(Self::Size);
        let list = || record::branch(&any).map(Self::List);
        text.or_else(number).or_else(list).ok_or_else(|| record::no_branch("WrittenBytes"))
    }
}

impl From<FilePart> for Written {
    fn from(file: FilePart) -> Self {
        let FilePart { content, name, content_type } = file;
        let (path, bytes) = match content {
            Content::Path(path) => (Some(path), None),
            Content::Bytes(bytes) => (None, Some(bytes)),
        };
        let bytes = bytes.map(|bytes| match std::str::from_utf8(&bytes) {
            Ok(text) => WrittenBytes::Text(text.to_owned()),
            Err(_) => WrittenBytes::List(bytes.to_vec()),
        });
        Self { path, bytes, name, content_type }
    }
}

impl TryFrom<Written> for FilePart {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { path, bytes, name, content_type } = written;
        let content = match (path, bytes) {
            (Some(path), None) => Content::Path(path),
            (None, Some(WrittenBytes::Text(text))) => Content::Bytes(text.into()),
            (None, Some(WrittenBytes::List(bytes))) => Content::Bytes(bytes.into()),
            (None, Some(WrittenBytes::Size(size))) if size <= MAX_STAND_IN_BYTES => {
                let size = usize::try_from(size).map_err(|_| "a size over the limit")?;
                Content::Bytes(vec![0; size].into())
            }
            (None, Some(WrittenBytes::Size(_))) => return Err("a size over the limit"),
            (None, None) | (Some(_), Some(_)) => return Err("a file has either `path` or `bytes`"),
        };
        Ok(Self { content, name, content_type })
    }
}

#[cfg(test)]
mod tests {
    use tokio::fs::File;
    use tokio::io::AsyncReadExt;

    use super::{LateFile, header_text, told_from};

    #[tokio::test]
    async fn a_file_that_is_cut_while_it_is_read_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        std::fs::write(&path, "four").unwrap();
        for (announced, is_error) in [(4, false), (5, true)] {
            let file = File::open(&path).await.unwrap().take(announced);
            let mut read = Vec::new();
            let outcome = LateFile::Open(Box::pin(file)).read_to_end(&mut read).await;
            assert_eq!(outcome.is_err(), is_error, "announced {announced}");
            assert_eq!(read, b"four");
        }
    }

    #[test]
    fn a_name_tells_the_kind_and_stays_in_its_quotes() {
        let cases = [
            ("a.PDF", "application/pdf", "a.PDF"),
            ("são.tar.gz", "application/octet-stream", "são.tar.gz"),
            ("no ending", "application/octet-stream", "no ending"),
            ("a\".png", "image/png", "a%22.png"),
            ("a\r\n\0\u{7f}.txt", "text/plain", "a%0D%0A%00%7F.txt"),
        ];
        for (name, kind, text) in cases {
            assert_eq!(told_from(name), kind, "name {name:?}");
            assert_eq!(header_text(name), text, "name {name:?}");
        }
    }
}
