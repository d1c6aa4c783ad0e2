//! A file of a form to JSON and back.

use std::path::PathBuf;

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::FilePart;
use super::source::Source;
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
        let FilePart { source, name, content_type } = file;
        let (path, bytes) = match source {
            Source::Path(path) => (Some(path), None),
            Source::Bytes(bytes) => (None, Some(bytes)),
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
        let source = match (path, bytes) {
            (Some(path), None) => Source::Path(path),
            (None, Some(WrittenBytes::Text(text))) => Source::Bytes(text.into()),
            (None, Some(WrittenBytes::List(bytes))) => Source::Bytes(bytes.into()),
            (None, Some(WrittenBytes::Size(size))) if size <= MAX_STAND_IN_BYTES => {
                let size = usize::try_from(size).map_err(|_| "a size over the limit")?;
                Source::Bytes(vec![0; size].into())
            }
            (None, Some(WrittenBytes::Size(_))) => return Err("a size over the limit"),
            (None, None) | (Some(_), Some(_)) => return Err("a file has either `path` or `bytes`"),
        };
        Ok(Self { source, name, content_type })
    }
}
