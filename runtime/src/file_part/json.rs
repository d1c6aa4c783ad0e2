//! Serializes a file of a form as JSON and deserializes it.

use std::path::PathBuf;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(not(target_arch = "wasm32"))]
use super::Streamed;
use super::{FilePart, FileSource};
use crate::record::{self, Record};

/// Maximum number of zero bytes that stand in for a recorded size.
const MAX_STAND_IN_BYTES: u64 = 64 * 1024 * 1024;

/// The JSON form of a [`FilePart`].
struct FileRecord {
    path: Option<PathBuf>,
    bytes: Option<FileBytes>,
    name: Option<String>,
    content_type: Option<String>,
}

enum FileBytes {
    Text(String),
    Size(u64),
    List(Vec<u8>),
}

impl Record for FileRecord {
    const NAME: &'static str = "FilePart";
    const MEMBERS: &'static [&'static str] = &["path", "bytes", "name", "file", "content_type"];

    fn read<'de, M: record::MapAccess<'de>>(
        members: &mut record::Members<M>,
    ) -> Result<Self, M::Error> {
        let mut record = Self { path: None, bytes: None, name: None, content_type: None };
        loop {
            match members.next()? {
                Some(0) => members.value(&mut record.path),
                Some(1) => members.value(&mut record.bytes),
                Some(2 | 3) => members.value(&mut record.name),
                Some(4) => members.value(&mut record.content_type),
                Some(_) => members.skip(),
                None => return Ok(record),
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
        record::write(&FileRecord::try_from(self.clone()).map_err(S::Error::custom)?, json)
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        record::read::<FileRecord, D>(json)?.try_into().map_err(D::Error::custom)
    }
}

impl Serialize for FileBytes {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(json),
            Self::Size(size) => size.serialize(json),
            Self::List(bytes) => bytes.serialize(json),
        }
    }
}

impl<'de> Deserialize<'de> for FileBytes {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let any = record::any(json)?;
        let text = record::branch(&any).map(Self::Text);
        let number = || record::branch(&any).map(Self::Size);
        let list = || record::branch(&any).map(Self::List);
        text.or_else(number).or_else(list).ok_or_else(|| record::no_branch("FileBytes"))
    }
}

impl TryFrom<FilePart> for FileRecord {
    type Error = &'static str;

    fn try_from(file: FilePart) -> Result<Self, Self::Error> {
        let FilePart { source, name, content_type, progress: _ } = file;
        let (path, bytes) = match source {
            FileSource::Bytes(bytes) => (None, Some(bytes)),
            #[cfg(not(target_arch = "wasm32"))]
            FileSource::Streamed(Streamed::Path(path)) => (Some(path), None),
            #[cfg(not(target_arch = "wasm32"))]
            FileSource::Streamed(Streamed::Once(..) | Streamed::Reopened(..)) => {
                return Err("a file that comes from a reader can't be written as JSON");
            }
        };
        let bytes = bytes.map(|bytes| match std::str::from_utf8(&bytes) {
            Ok(text) => FileBytes::Text(text.to_owned()),
            Err(_) => FileBytes::List(bytes.to_vec()),
        });
        Ok(Self { path, bytes, name, content_type })
    }
}

impl TryFrom<FileRecord> for FilePart {
    type Error = &'static str;

    fn try_from(record: FileRecord) -> Result<Self, Self::Error> {
        let FileRecord { path, bytes, name, content_type } = record;
        let source = match (path, bytes) {
            (Some(path), None) => on_disk(path)?,
            (None, Some(FileBytes::Text(text))) => FileSource::Bytes(text.into()),
            (None, Some(FileBytes::List(bytes))) => FileSource::Bytes(bytes.into()),
            (None, Some(FileBytes::Size(size))) if size <= MAX_STAND_IN_BYTES => {
                let size = usize::try_from(size).map_err(|_| "a size over the limit")?;
                FileSource::Bytes(vec![0; size].into())
            }
            (None, Some(FileBytes::Size(_))) => return Err("a size over the limit"),
            (None, None) | (Some(_), Some(_)) => return Err("a file has either `path` or `bytes`"),
        };
        Ok(Self { source, name, content_type, progress: None })
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unnecessary_wraps, reason = "it fails on a target without a file system")]
fn on_disk(path: PathBuf) -> Result<FileSource, &'static str> {
    Ok(FileSource::Streamed(Streamed::Path(path)))
}

#[cfg(target_arch = "wasm32")]
fn on_disk(_: PathBuf) -> Result<FileSource, &'static str> {
    Err("a file needs `bytes` on a target without a file system")
}
