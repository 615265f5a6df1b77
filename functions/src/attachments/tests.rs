use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

use super::*;

fn kind(text: &str) -> ContentType {
    ContentType::parse(text).expect("a type")
}

fn looked(bytes: &[u8], claimed: &str) -> Option<Inspected> {
    look(bytes, &kind(claimed))
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_pixel(width, height, Rgb([200, 30, 30]));
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

#[test]
fn a_picture_has_its_size_and_a_thumbnail() {
    for (format, name) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let seen = looked(&picture(640, 400, format), name).expect("a picture");
        assert_eq!((seen.content_type, seen.pixels), (kind(name), Some((640, 400))));
        let (small, bytes) = seen.thumbnail.expect("a thumbnail");
        let small = ImageFormat::from_mime_type(small.as_str()).expect("a format");
        let small = image::load_from_memory_with_format(&bytes, small).expect("a picture");
        assert_eq!((small.width(), small.height()), (320, 200), "{name}");
    }
}

#[test]
fn one_sees_through_the_thumbnail_of_what_one_sees_through() {
    let mut bytes = Vec::new();
    let picture = RgbaImage::from_pixel(3, 2, Rgba([1, 2, 3, 0]));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a picture");
    let (kind, _) = looked(&bytes, "image/png").and_then(|seen| seen.thumbnail).expect("one");
    assert_eq!(kind.as_str(), "image/png");
}

/// A PNG of a few hundred bytes that says of itself that it is 50,000 by 50,000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = picture(8, 8, ImageFormat::Png);
    // The header's width and height, and its checksum over both.
    bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let mut sum = u32::MAX;
    for byte in &bytes[12..29] {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
    bytes
}

#[test]
fn hostile_files_are_refused_or_harmless() {
    assert_eq!(looked(&bomb(), "image/png"), None, "a decompression bomb");
    let cut = picture(64, 64, ImageFormat::Png);
    assert_eq!(looked(&cut[..60], "image/png"), None, "no picture behind a signature");
    let page = b"<!doctype html><script>alert(1)</script>";
    assert_eq!(looked(page, "image/png"), None, "a page that is claimed to be a picture");
    assert_eq!(looked(b"MZ\x90\0\x03\0\0\0program", "application/pdf"), None);
    assert_eq!(looked(b"", "text/plain"), None);
    // A page that says what it is, and a drawing with a script, are stored and not shown.
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (bytes, claimed) in [
        (page.as_slice(), "text/html"),
        (drawing, "image/svg+xml"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
    ] {
        let seen = looked(bytes, claimed).expect("harmless");
        assert!(!seen.content_type.is_shown(), "{}", seen.content_type.as_str());
    }
    // A picture with a page behind it is a picture, whatever it is claimed to be.
    let polyglot = [picture(8, 8, ImageFormat::Png), page.to_vec()].concat();
    for claimed in ["image/png", "text/html"] {
        let seen = looked(&polyglot, claimed).expect("a picture");
        assert_eq!(seen.content_type, kind("image/png"));
    }
}

#[test]
fn a_file_is_what_its_bytes_are() {
    for (bytes, found) in [
        (b"%PDF-1.7\n".as_slice(), "application/pdf"),
        (b"a,b\n1,2\n", "text/plain"),
        ("Счёт".as_bytes(), "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"\xFF\xFE\xFD", "application/octet-stream"),
    ] {
        assert_eq!(kind::of(bytes).as_str(), found);
    }
    // The part that is looked at may end within a character.
    assert_eq!(kind::of(format!("a{}", "я".repeat(5_000)).as_bytes()).as_str(), "text/plain");
}

#[test]
fn an_event_names_an_object_and_what_a_scanner_said() {
    let put = json!({ "detail": { "bucket": { "name": "b" }, "object": { "key": "new/YQ/c/f" } } });
    assert_eq!(object(&put, Scan::Off), Some(("new/YQ/c/f".to_owned(), Scan::Off)));
    let scanned = |status| {
        json!({ "detail": {
            "s3ObjectDetails": { "objectKey": "file/YQ/c/f" },
            "scanResultDetails": { "scanResultStatus": status },
        } })
    };
    for (status, scan) in [
        ("NO_THREATS_FOUND", Scan::Clean),
        ("THREATS_FOUND", Scan::Harmful),
        ("UNSUPPORTED", Scan::Harmful),
    ] {
        let named = object(&scanned(status), Scan::Awaited);
        assert_eq!(named, Some(("file/YQ/c/f".to_owned(), scan)));
    }
    assert_eq!(object(&json!({}), Scan::Off), None);
}
