//! Unpacks compressed streams, which are recognized by their first bytes, whatever their file is
//! called, and packs a stream in the way of another.
//!
//! Invariants:
//!
//! * Memory is bounded by the window of the compression (128 MiB for zstd), never by the stream.
//! * What is packed was unpacked again and compared, before the original may be replaced by it.
//! * Truncated and broken bytes are an error of the reader, never the end of the stream.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// Size of the buffer for reading a file.
pub(crate) const BUFFER_BYTES: usize = 64 * 1024;

/// Extensions of compressed files.
pub(crate) const ENDINGS: &[&str] = &["gz", "zst"];

/// The number of bytes from which a compression is recognized.
const MAGIC_BYTES: usize = 6;

/// The first bytes of a stream that is compressed with gzip.
pub(crate) const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// The magic bytes of archives and compressions that are not unpacked here.
const REFUSED: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\0", "compressed with xz"),
];

/// A compression that is not unpacked here.
#[derive(Debug)]
pub(crate) struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; unpack it first (gzip and zstd are read as they are)", self.0)
    }
}

/// The way in which a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// It is not compressed.
    Plain,
    Gzip,
    Zstd,
}

/// The content of a stream, and how it was compressed.
pub(crate) struct Unpacked {
    pub(crate) packing: Packing,
    pub(crate) content: Box<dyn BufRead>,
}

/// Returns the content of a stream, which may be compressed with gzip or zstd.
///
/// # Errors
///
/// The first bytes can't be read.
pub(crate) fn unpacked(
    reader: impl BufRead + 'static,
) -> io::Result<Result<Box<dyn BufRead>, Refused>> {
    Ok(unpacked_from(reader)?.map(|unpacked| unpacked.content))
}

/// Returns the content of a stream like [`unpacked`], and how it was compressed.
///
/// # Errors
///
/// The first bytes can't be read.
pub(crate) fn unpacked_from(
    mut reader: impl BufRead + 'static,
) -> io::Result<Result<Unpacked, Refused>> {
    let start = reader.fill_buf()?;
    let mut start = start.get(..MAGIC_BYTES).unwrap_or(start).to_vec();
    let mut whole: Box<dyn BufRead> = Box::new(reader);
    if start.len() < MAGIC_BYTES {
        // A pipe may have passed on less than there is.
        start.clear();
        whole.by_ref().take(MAGIC_BYTES as u64).read_to_end(&mut start)?;
        whole = Box::new(io::Cursor::new(start.clone()).chain(whole));
    }
    if let Some(refused) = refused(&start) {
        return Ok(Err(refused));
    }
    let (packing, content) = match start.as_slice() {
        start if is_gzip(start) => (Packing::Gzip, buffered(MultiGzDecoder::new(whole))),
        start if is_zstd(start) => (Packing::Zstd, buffered(Zstd::new(whole))),
        _ => (Packing::Plain, whole),
    };
    Ok(Ok(Unpacked { packing, content }))
}

/// Compresses what is written to it, in the way of another stream.
pub(crate) enum Packer<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Zstd(Frames<W>),
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(packing: Packing, out: W) -> Self {
        match packing {
            Packing::Plain => Self::Plain(out),
            Packing::Gzip => Self::Gzip(GzEncoder::new(out, Compression::default())),
            Packing::Zstd => Self::Zstd(Frames { out, waiting: Vec::new() }),
        }
    }

    /// Writes what is left and returns the stream below.
    ///
    /// # Errors
    ///
    /// It can't be written.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(mut frames) => {
                frames.write_frame()?;
                Ok(frames.out)
            }
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(frames) => frames.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(frames) => frames.out.flush(),
        }
    }
}

/// The content of one frame of zstd, in bytes.
const FRAME_BYTES: usize = 4 << 20;

/// Writes frames of zstd, one after the other.
pub(crate) struct Frames<W> {
    out: W,
    /// Bytes that are not yet in a frame.
    waiting: Vec<u8>,
}

impl<W: Write> Frames<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= FRAME_BYTES {
            self.write_frame()?;
        }
        Ok(bytes.len())
    }

    fn write_frame(&mut self) -> io::Result<()> {
        let content = std::mem::take(&mut self.waiting);
        let packed = compress_to_vec(content.as_slice(), CompressionLevel::Fastest);
        let mut again = Vec::with_capacity(content.len());
        Zstd::new(packed.as_slice()).read_to_end(&mut again)?;
        match again == content {
            true => self.out.write_all(&packed),
            false => Err(io::Error::other("zstd does not keep the content")),
        }
    }
}

/// Returns whether a stream with this start is compressed, or an archive.
pub(crate) fn is_packed(start: &[u8]) -> bool {
    is_gzip(start) || is_zstd(start) || refused(start).is_some()
}

/// Returns whether a stream with this start is compressed with gzip.
pub(crate) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(GZIP)
}

/// Returns whether a file is called like a compressed one.
pub(crate) fn is_named_packed(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}

fn refused(start: &[u8]) -> Option<Refused> {
    REFUSED.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, what)| Refused(what))
}

/// Returns whether it starts with a frame of zstd, or with one that is to be skipped.
fn is_zstd(start: &[u8]) -> bool {
    start.starts_with(ZSTD) || matches!(start, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

fn buffered(reader: impl Read + 'static) -> Box<dyn BufRead> {
    Box::new(BufReader::with_capacity(BUFFER_BYTES, Checked(reader)))
}

/// Names every fault of a decoder "invalid data", as the decoders disagree.
struct Checked<R>(R);

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                io::Error::from(io::ErrorKind::InvalidData)
            }
            _ => error,
        })
    }
}

/// Unpacks all frames of a stream, one after the other.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame has been started and not been checked.
    is_open: bool,
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_open {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.start_frame()?;
            } else if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            } else if self.decoder.is_finished() {
                self.end_frame()?;
            } else {
                let some = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, some).map_err(io::Error::other)?;
            }
        }
    }
}

impl<R: BufRead> Zstd<R> {
    fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), is_open: false }
    }

    /// Starts the next frame, or skips one without content.
    fn start_frame(&mut self) -> io::Result<()> {
        match self.decoder.init(&mut self.source) {
            Ok(()) => self.is_open = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let mut skipped = self.source.by_ref().take(u64::from(length));
                io::copy(&mut skipped, &mut io::sink())?;
            }
            Err(error) => return Err(io::Error::other(error)),
        }
        Ok(())
    }

    /// Compares the checksum of a frame, if it has one.
    fn end_frame(&mut self) -> io::Result<()> {
        self.is_open = false;
        let promised = self.decoder.get_checksum_from_data();
        match promised.is_some() && promised != self.decoder.get_calculated_checksum() {
            true => Err(io::ErrorKind::InvalidData.into()),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzipped(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).expect("bytes");
        encoder.finish().expect("bytes")
    }

    fn zstd(text: &str) -> Vec<u8> {
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    }

    /// Returns the content as text, or the kind of the error.
    fn content(bytes: Vec<u8>) -> Result<String, io::ErrorKind> {
        let reader = unpacked(io::Cursor::new(bytes)).expect("bytes");
        let mut text = String::new();
        let read = reader.expect("a known compression").read_to_string(&mut text);
        read.map(|_| text).map_err(|error| error.kind())
    }

    #[test]
    fn a_stream_is_unpacked_by_its_first_bytes() {
        const SKIPPED: &[u8] = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
        let long = "0123456789".repeat(100_000);
        let cases = [
            ("plain", b"{}".to_vec(), "{}"),
            ("nothing", Vec::new(), ""),
            ("less than a magic number", b"\x28".to_vec(), "("),
            ("gzip", gzipped("{}"), "{}"),
            ("two members of gzip", [gzipped("{"), gzipped("}")].concat(), "{}"),
            ("zstd", zstd("{}"), "{}"),
            ("two frames", [zstd("{"), zstd("}")].concat(), "{}"),
            ("a frame that is skipped", [SKIPPED, &zstd("{}"), SKIPPED].concat(), "{}"),
            ("a long text in gzip", gzipped(&long), &long),
            ("a long text in zstd", zstd(&long), &long),
        ];
        for (name, bytes, expected) in cases {
            assert!(content(bytes) == Ok(expected.to_owned()), "case `{name}`");
        }
    }

    #[test]
    fn what_is_packed_like_another_stream_is_the_same_when_unpacked() {
        let long = "0123456789ab".repeat(FRAME_BYTES / 10);
        for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
            for text in ["", "{}", &long] {
                let mut packer = Packer::new(packing, Vec::new());
                text.as_bytes()
                    .chunks(60_001)
                    .for_each(|some| packer.write_all(some).expect("bytes"));
                let bytes = packer.finish().expect("bytes");
                let unpacked = unpacked_from(io::Cursor::new(bytes)).expect("bytes");
                let Unpacked { packing: came, mut content } =
                    unpacked.expect("a known compression");
                let mut again = String::new();
                content.read_to_string(&mut again).expect("a text");
                assert!(again == text, "{packing:?}, {} bytes", text.len());
                assert!(came == packing || text.is_empty(), "{came:?}, not {packing:?}");
            }
        }
    }

    #[test]
    fn a_truncated_or_broken_stream_is_an_error() {
        let cut = |mut bytes: Vec<u8>| {
            bytes.truncate(bytes.len() - 5);
            bytes
        };
        let text = "0123456789".repeat(1000);
        let cases = [
            ("gzip cut short", cut(gzipped(&text))),
            ("zstd cut short", cut(zstd(&text))),
            ("gzip and rubbish", [gzipped("{}"), b"rubbish".to_vec()].concat()),
            ("zstd and rubbish", [zstd("{}"), b"rubbish".to_vec()].concat()),
        ];
        for (name, bytes) in cases {
            assert!(content(bytes).is_err(), "case `{name}`");
        }
    }

    #[test]
    fn an_archive_is_refused_with_the_remedy() {
        let refused = unpacked(io::Cursor::new(b"PK\x03\x04....")).expect("bytes").err();
        assert_eq!(
            refused.map(|refused| refused.to_string()).as_deref(),
            Some("a zip archive; unpack it first (gzip and zstd are read as they are)")
        );
    }
}
