//! A file of a form to JSON and back.

use std::path::PathBuf;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(not(target_arch = "wasm32"))]
use super::Streamed;
use super::{FilePart, Source};
use crate::record::{self, Record};

/// Most bytes that a recording's bare size is turned into.
const MAX_STAND_IN_BYTES: u64 = 64 * 1024 * 1024;

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
        record::write(&Written::try_from(self.clone()).map_err(S::Error::custom)?, json)
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

impl TryFrom<FilePart> for Written {
    type Error = &'static str;

    fn try_from(file: FilePart) -> Result<Self, Self::Error> {
        let FilePart { source, name, content_type, progress: _ } = file;
        let (path, bytes) = match source {
            Source::Bytes(bytes) => (None, Some(bytes)),
            #[cfg(not(target_arch = "wasm32"))]
            Source::Streamed(Streamed::Path(path)) => (Some(path), None),
            #[cfg(not(target_arch = "wasm32"))]
            Source::Streamed(Streamed::Once(..) | Streamed::Reopened(..)) => {
                return Err("a file that comes from a reader can't be written as JSON");
            }
        };
        let bytes = bytes.map(|bytes| match std::str::from_utf8(&bytes) {
            Ok(text) => WrittenBytes::Text(text.to_owned()),
            Err(_) => WrittenBytes::List(bytes.to_vec()),
        });
        Ok(Self { path, bytes, name, content_type })
    }
}

impl TryFrom<Written> for FilePart {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { path, bytes, name, content_type } = written;
        let source = match (path, bytes) {
            (Some(path), None) => on_disk(path)?,
            (None, Some(WrittenBytes::Text(text))) => Source::Bytes(text.into()),
            (None, Some(WrittenBytes::List(bytes))) => Source::Bytes(bytes.into()),
            (None, Some(WrittenBytes::Size(size))) if size <= MAX_STAND_IN_BYTES => {
                let size = usize::try_from(size).map_err(|_| "a size over the limit")?;
                Source::Bytes(vec![0; size].into())
            }
            (None, Some(WrittenBytes::Size(_))) => return Err("a size over the limit"),
            (None, None) | (Some(_), Some(_)) => return Err("a file has either `path` or `bytes`"),
        };
        Ok(Self { source, name, content_type, progress: None })
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unnecessary_wraps, reason = "where there is no disk, it fails")]
fn on_disk(path: PathBuf) -> Result<Source, &'static str> {
    Ok(Source::Streamed(Streamed::Path(path)))
}

#[cfg(target_arch = "wasm32")]
fn on_disk(_: PathBuf) -> Result<Source, &'static str> {
    Err("a file has `bytes` where there is no disk to read its `path` from")
}
