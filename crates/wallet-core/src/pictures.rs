//! Pictures: QR codes drawn and read, portraits re-encoded. Every picture from outside is decoded under limits and only
//! pixels of ours are passed on.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fast_qr::{ECL, Mode, QRBuilder};
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

/// A picture from outside may be this large, in bytes.
pub const MAX_PICTURE: usize = 8 * 1024 * 1024;
/// And this wide or high, in pixels.
const MAX_SIDE: u32 = 8_192;
/// And have this many pixels: what a good telephone camera takes. Asked of the header, before anything is decoded.
const MAX_PIXELS: u64 = 24_000_000;
/// Memory a decoder may use, in bytes.
const MAX_DECODED: u64 = 128 * 1024 * 1024;
/// A portrait is shown no larger than this, in pixels.
const PORTRAIT_SIDE: u32 = 480;

/// Why a picture could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// Not a PNG or JPEG, damaged, or larger than allowed.
    #[error("the picture cannot be read")]
    Unreadable,
    /// More bytes or more pixels than this wallet decodes.
    #[error("the picture is too large")]
    TooLarge,
    /// No QR code was found in it.
    #[error("no QR code in the picture")]
    NoCode,
    /// More than a QR code can hold.
    #[error("too long for a QR code")]
    TooLong,
}

/// A QR code ready to be drawn (ISO/IEC 18004).
#[derive(Debug, Clone)]
pub struct QrCode {
    /// Modules along one side, without the quiet zone.
    pub size: u32,
    /// Version, 1 to 40.
    pub version: u32,
    /// SVG path data of the dark modules in units of one module, runs joined.
    pub path: String,
}

impl QrCode {
    /// Encodes bytes at error correction level L (dense answers) in byte mode.
    ///
    /// # Errors
    /// [`PictureError::TooLong`] above 2,953 bytes.
    pub fn encode(payload: &[u8]) -> Result<QrCode, PictureError> {
        if payload.len() > 2_953 {
            return Err(PictureError::TooLong);
        }
        let code = QRBuilder::new(payload)
            .ecl(ECL::L)
            .mode(Mode::Byte)
            .build()
            .map_err(|_| PictureError::TooLong)?;
        let size = code.size;
        let mut path = String::with_capacity(size * size * 3);
        for y in 0..size {
            let row = &code[y];
            let mut x = 0;
            while x < size {
                if !row[x].value() {
                    x += 1;
                    continue;
                }
                let start = x;
                while x < size && row[x].value() {
                    x += 1;
                }
                let run = x - start;
                path.push_str(&format!("M{start} {y}h{run}v1h-{run}z"));
            }
        }
        let size = u32::try_from(size).map_err(|_| PictureError::TooLong)?;
        Ok(QrCode {
            size,
            version: (size - 17) / 4,
            path,
        })
    }

    /// A whole SVG document, black on white with the quiet zone of four modules.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let side = self.size + 8;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-4 -4 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M-4 -4h{side}v{side}h-{side}z\"/><path d=\"{}\"/></svg>\n",
            self.path
        )
    }

    /// A PNG, eight pixels a module, black on white with the quiet zone.
    ///
    /// # Errors
    /// [`PictureError::Unreadable`] if the encoder fails, which it does for no known input.
    pub fn to_png(payload: &[u8]) -> Result<Vec<u8>, PictureError> {
        const SCALE: u32 = 8;
        let code = QRBuilder::new(payload)
            .ecl(ECL::L)
            .mode(Mode::Byte)
            .build()
            .map_err(|_| PictureError::TooLong)?;
        let modules = u32::try_from(code.size).map_err(|_| PictureError::TooLong)?;
        let side = (modules + 8) * SCALE;
        let picture = image::GrayImage::from_fn(side, side, |px, py| {
            let (x, y) = ((px / SCALE).checked_sub(4), (py / SCALE).checked_sub(4));
            let dark = match (x, y) {
                (Some(x), Some(y)) if x < modules && y < modules => code[y as usize][x as usize].value(),
                _ => false,
            };
            image::Luma([if dark { 0 } else { 255 }])
        });
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageLuma8(picture)
            .write_to(&mut out, ImageFormat::Png)
            .map_err(|_| PictureError::Unreadable)?;
        Ok(out.into_inner())
    }
}

/// Reads the text of the first QR code in a PNG or JPEG picture.
///
/// # Errors
/// [`PictureError::Unreadable`] or [`PictureError::NoCode`].
pub fn read_qr(picture: &[u8]) -> Result<String, PictureError> {
    use rxing::common::HybridBinarizer;
    use rxing::qrcode::QRCodeReader;
    use rxing::qrcode::cpp_port::QrReader;
    use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader};

    let luma = decode(picture)?.into_luma8();
    let (width, height) = luma.dimensions();
    let pixels = luma.into_raw();
    let hints = DecodeHints {
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let bitmap = || {
        Luma8LuminanceSource::new(pixels.clone(), width, height)
            .map(|source| BinaryBitmap::new(HybridBinarizer::new(source)))
            .map_err(|_| PictureError::Unreadable)
    };
    // The port of the C++ reader is the stronger one on camera pictures; the classic one is a second opinion.
    let found = QrReader
        .decode_with_hints(&mut bitmap()?, &hints)
        .or_else(|_| {
            QRCodeReader::new().decode_with_hints(&mut bitmap().map_err(|_| rxing::Exceptions::NOT_FOUND)?, &hints)
        })
        .map_err(|_| PictureError::NoCode)?;
    Ok(found.getText().to_owned())
}

/// Re-encodes a portrait or a signature (ISO/IEC 18013-5, 7.2.1: JPEG; PNG is read too, JPEG 2000 is not): decoded under
/// limits, shrunk, written anew as a JPEG `data:` URI, so that nothing of the issuer's bytes, its metadata neither, reaches a
/// screen. `None` where it is no such picture.
#[must_use]
pub fn portrait(bytes: &[u8]) -> Option<String> {
    let picture = decode(bytes).ok()?;
    let picture = if picture.width() > PORTRAIT_SIDE || picture.height() > PORTRAIT_SIDE {
        picture.thumbnail(PORTRAIT_SIDE, PORTRAIT_SIDE)
    } else {
        picture
    };
    let mut out = Cursor::new(Vec::new());
    picture.into_rgb8().write_to(&mut out, ImageFormat::Jpeg).ok()?;
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(out.into_inner())))
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    if bytes.len() > MAX_PICTURE {
        return Err(PictureError::TooLarge);
    }
    let open = || {
        ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| PictureError::Unreadable)
    };
    let mut reader = open()?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(PictureError::Unreadable);
    }
    // A few bytes can claim to be gigabytes of pixels: the claim is read first, and nothing is set aside for it.
    let (width, height) = open()?.into_dimensions().map_err(|_| PictureError::Unreadable)?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    reader.decode().map_err(|_| PictureError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_is_read_back() {
        for text in ["openid4vp://?x=1".to_owned(), "a".repeat(1_000)] {
            let png = QrCode::to_png(text.as_bytes()).unwrap();
            assert_eq!(read_qr(&png).unwrap(), text);
        }
    }

    #[test]
    fn a_thousand_bytes_make_a_small_path() {
        let payload: Vec<u8> = (0..1_000u32).map(|i| (i * 7 % 251) as u8).collect();
        let code = QrCode::encode(&payload).unwrap();
        assert_eq!(code.size, 17 + 4 * code.version);
        assert!(code.to_svg().len() < 80_000, "{}", code.to_svg().len());
        assert!(QrCode::encode(&[0; 3_000]).is_err());
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(read_qr(b"not a picture").unwrap_err(), PictureError::Unreadable);
        assert!(portrait(&[0xff, 0xd8, 0xff, 0xe0, 0, 0]).is_none());
        let blank = {
            let mut out = Cursor::new(Vec::new());
            image::GrayImage::from_pixel(64, 64, image::Luma([255]))
                .write_to(&mut out, ImageFormat::Png)
                .unwrap();
            out.into_inner()
        };
        assert_eq!(read_qr(&blank).unwrap_err(), PictureError::NoCode);
        assert_eq!(read_qr(&vec![0; MAX_PICTURE + 1]).unwrap_err(), PictureError::TooLarge);
        assert!(portrait(&blank).unwrap().starts_with("data:image/jpeg;base64,"));
    }

    /// A PNG of one grey pixel, its header rewritten to claim other sides, with the check sum that belongs to them.
    fn png_claiming(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::GrayImage::new(1, 1)
            .write_to(&mut out, ImageFormat::Png)
            .unwrap();
        let mut png = out.into_inner();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = u32::MAX;
        for byte in &png[12..29] {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    (crc >> 1) ^ 0xEDB8_8320
                } else {
                    crc >> 1
                };
            }
        }
        png[29..33].copy_from_slice(&(!crc).to_be_bytes());
        png
    }

    /// A JPEG whose frame header claims other sides.
    fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::GrayImage::new(8, 8)
            .write_to(&mut out, ImageFormat::Jpeg)
            .unwrap();
        let mut jpeg = out.into_inner();
        let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        jpeg
    }

    #[test]
    fn a_small_file_that_claims_many_pixels_is_refused_by_its_header() {
        for (width, height) in [(60_000, 60_000), (8_193, 1), (1, 8_193), (8_000, 8_000)] {
            assert_eq!(
                decode(&png_claiming(width, height)).unwrap_err(),
                PictureError::TooLarge,
                "{width} {height}"
            );
        }
        for (width, height) in [(65_535, 65_535), (8_193, 8), (8_000, 8_000)] {
            assert_eq!(
                decode(&jpeg_claiming(width, height)).unwrap_err(),
                PictureError::TooLarge,
                "{width} {height}"
            );
        }
        assert!(decode(&png_claiming(0x7fff_ffff, 0x7fff_ffff)).is_err());
        // The honest headers of the same files are read.
        assert!(decode(&png_claiming(1, 1)).is_ok());
        assert!(decode(&jpeg_claiming(8, 8)).is_ok());
        // Within the limits, but the pixels are not there.
        assert_eq!(
            decode(&png_claiming(4_000, 4_000)).unwrap_err(),
            PictureError::Unreadable
        );
    }

    #[test]
    fn a_portrait_is_shrunk_and_holds_only_pixels_of_ours() {
        let mut out = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(1_200, 900, image::Rgb([90, 120, 30]))
            .write_to(&mut out, ImageFormat::Jpeg)
            .unwrap();
        let mut jpeg = out.into_inner();
        // A comment where a camera writes the place the picture was taken at.
        let comment = b"\xff\xfe\x00\x1c51.4816N 3.1791W Cardiff..";
        jpeg.splice(2..2, comment.iter().copied());
        let uri = portrait(&jpeg).unwrap();
        let again = STANDARD
            .decode(uri.strip_prefix("data:image/jpeg;base64,").unwrap())
            .unwrap();
        assert!(!again.windows(7).any(|bytes| bytes == b"Cardiff"));
        let shown = decode(&again).unwrap();
        assert_eq!((shown.width(), shown.height()), (480, 360));
        assert!(
            portrait(b"\x00\x00\x00\x0cjP  \r\n\x87\n").is_none(),
            "JPEG 2000 is not drawn"
        );
    }
}
