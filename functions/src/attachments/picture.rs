//! Pictures: their size, and a thumbnail. A picture that takes too much to decode is refused.

use std::io::Cursor;

use domain::attachment::{ContentType, MOST_PIXELS, thumbnail};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// The quality of thumbnails, of 100.
const QUALITY: u8 = 80;
/// The most memory that decoding may take, in bytes: four for each pixel, and as much again.
const MOST_MEMORY: u64 = MOST_PIXELS * 8;

/// A picture that was decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Picture {
    /// Width and height, as it is shown.
    pub(super) pixels: (u32, u32),
    /// The type and the bytes of its thumbnail.
    pub(super) thumbnail: (ContentType, Vec<u8>),
}

/// Decodes a picture. None if it has too many pixels, takes too much memory, or is no picture of this type.
pub(super) fn read(bytes: &[u8], kind: &ContentType) -> Option<Picture> {
    let format = ImageFormat::from_mime_type(kind.as_str())?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // Before a pixel is decoded.
    let (small_width, small_height) = thumbnail(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = picture.thumbnail_exact(small_width, small_height);
    small.apply_orientation(orientation);
    let is_turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let pixels = if is_turned { (height, width) } else { (width, height) };
    Some(Picture { pixels, thumbnail: encode(&small)? })
}

/// Encodes a thumbnail: as JPEG, or as PNG if one sees through it.
fn encode(small: &DynamicImage) -> Option<(ContentType, Vec<u8>)> {
    let mut bytes = Vec::new();
    let format = if small.color().has_alpha() {
        small.to_rgba8().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).ok()?;
        ImageFormat::Png
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        small.to_rgb8().write_with_encoder(encoder).ok()?;
        ImageFormat::Jpeg
    };
    Some((ContentType::parse(format.to_mime_type())?, bytes))
}
