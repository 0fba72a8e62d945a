//! Checking a proof of age shown as a QR code without a connection: out of a picture or its content.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use image::{ImageFormat, ImageReader, Limits};
use rxing::common::HybridBinarizer;
use rxing::qrcode::QRCodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult, RXingResultMetadataType, RXingResultMetadataValue,
    Reader,
};
use wallet_credentials::mdoc::OfflineProof;

use crate::house::House;
use crate::requests::{Check, Outcome};
use crate::show::moment;
use crate::verify::{Asked, mdoc_answers};

/// The largest picture that is looked at.
pub(crate) const MOST_PICTURE_BYTES: usize = 8 * 1024 * 1024;
/// The largest side of a picture, in pixels.
const MOST_SIDE: u32 = 8_192;
/// Memory a decoder may use.
const MOST_DECODED_BYTES: u64 = 128 * 1024 * 1024;
/// The longest content of a code: version 40 holds 2,953 bytes, and it is hexadecimal at worst.
const MOST_TEXT_BYTES: usize = 8 * 1024;
/// How far two clocks may disagree, in seconds.
const CLOCK_LEEWAY: i64 = 60;

/// Why there is nothing to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckerError {
    /// More than 8 MB.
    #[error("The picture is larger than 8 MB.")]
    TooLarge,
    /// No PNG or JPEG, or a damaged one.
    #[error("The picture is not a PNG or JPEG, or it is damaged.")]
    NotAPicture,
    /// No code in it.
    #[error("There is no QR code in the picture, or it is too blurred.")]
    NoCode,
    /// Not in one of the ways the wallet writes it.
    #[error("The content is neither base64 nor hexadecimal.")]
    NotAPayload,
    /// Not a proof of the wallet.
    #[error("The code is not a proof that a wallet shows without a connection.")]
    NotAProof,
}

/// The bytes in the first QR code of a PNG or JPEG picture.
pub(crate) fn payload_of_picture(picture: &[u8]) -> Result<Vec<u8>, CheckerError> {
    let mut reader = ImageReader::new(std::io::Cursor::new(picture))
        .with_guessed_format()
        .map_err(|_| CheckerError::NotAPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(CheckerError::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_DECODED_BYTES);
    reader.limits(limits);
    let luma = reader.decode().map_err(|_| CheckerError::NotAPicture)?.into_luma8();
    let (width, height) = luma.dimensions();
    let pixels = luma.into_raw();
    let bitmap = || {
        let source = Luma8LuminanceSource::new(pixels.clone(), width, height).map_err(|_| CheckerError::NoCode)?;
        Ok(BinaryBitmap::new(HybridBinarizer::new(source)))
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let found = match QrReader.decode_with_hints(&mut bitmap()?, &hints) {
        Ok(found) => found,
        Err(_) => QRCodeReader::new()
            .decode_with_hints(&mut bitmap()?, &hints)
            .map_err(|_| CheckerError::NoCode)?,
    };
    Ok(content(&found))
}

/// The bytes of a code: its byte segments, which know nothing of character sets; else its text as one byte a character.
fn content(found: &RXingResult) -> Vec<u8> {
    let segments = found
        .getRXingResultMetadata()
        .get(&RXingResultMetadataType::BYTE_SEGMENTS);
    match segments {
        Some(RXingResultMetadataValue::ByteSegments(segments)) if !segments.is_empty() => segments.concat(),
        _ => found
            .getText()
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(b'?'))
            .collect(),
    }
}

/// The bytes behind the text the wallet prints: base64url, base64 or hexadecimal.
pub(crate) fn payload_of_text(text: &str) -> Result<Vec<u8>, CheckerError> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() || text.len() > MOST_TEXT_BYTES {
        return Err(CheckerError::NotAPayload);
    }
    let hexadecimal = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal {
        let pairs = text.as_bytes().chunks_exact(2).map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        });
        return pairs.collect::<Option<_>>().ok_or(CheckerError::NotAPayload);
    }
    let text = text.trim_end_matches('=');
    URL_SAFE_NO_PAD
        .decode(text)
        .or_else(|_| STANDARD.decode(format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4))))
        .map_err(|_| CheckerError::NotAPayload)
}

/// Checks a proof: the time it was made for, and everything an mdoc response is checked for, over its own transcript.
pub(crate) fn check(house: &House, payload: &[u8]) -> Result<Outcome, CheckerError> {
    let proof = OfflineProof::decode(payload).map_err(|_| CheckerError::NotAProof)?;
    let now = house.now();
    let early = proof.issued_at().seconds_since(now) > CLOCK_LEEWAY;
    let late = now.seconds_since(proof.expires_at()) > CLOCK_LEEWAY;
    let until = moment(proof.expires_at());
    let time = Check {
        name: "time",
        ok: !early && !late,
        detail: match (early, late) {
            (true, _) => "The code says it was made in the future.".to_owned(),
            (_, true) => format!("The code ended on {until}."),
            _ => format!("The code works until {until}."),
        },
    };
    let (answers, whole) = mdoc_answers(house, proof.device_response(), &proof.transcript(), &Asked::offline());
    let mut checks = vec![time];
    checks.extend(whole);
    let valid = checks
        .iter()
        .chain(answers.iter().flat_map(|answer| &answer.checks))
        .all(|check| check.ok)
        && !answers.is_empty();
    Ok(Outcome { valid, checks, answers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};

    fn picture_of(payload: &[u8]) -> Vec<u8> {
        let code = fast_qr::QRBuilder::new(payload)
            .ecl(fast_qr::ECL::L)
            .mode(fast_qr::Mode::Byte)
            .build()
            .unwrap();
        let side = u32::try_from(code.size + 8).unwrap() * 4;
        let picture = GrayImage::from_fn(side, side, |x, y| {
            let place = |pixel: u32| {
                usize::try_from(pixel / 4)
                    .unwrap()
                    .checked_sub(4)
                    .filter(|place| *place < code.size)
            };
            let dark = place(x).zip(place(y)).is_some_and(|(x, y)| code[y][x].value());
            Luma([if dark { 0 } else { 255 }])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, ImageFormat::Png).unwrap();
        png.into_inner()
    }

    #[test]
    fn every_byte_survives_the_picture() {
        let payload: Vec<u8> = (0..=255).cycle().take(900).collect();
        assert_eq!(payload_of_picture(&picture_of(&payload)).unwrap(), payload);
    }

    #[test]
    fn the_content_is_read_in_each_form() {
        let payload = b"\x01\xff\xfe\x00code";
        for text in [
            URL_SAFE_NO_PAD.encode(payload),
            STANDARD.encode(payload),
            "01fffe00 636f6465\n".to_owned(),
        ] {
            assert_eq!(payload_of_text(&text).unwrap(), payload, "{text}");
        }
        assert_eq!(payload_of_text("not a code!"), Err(CheckerError::NotAPayload));
        assert_eq!(payload_of_text(""), Err(CheckerError::NotAPayload));
    }

    #[test]
    fn what_is_no_picture_or_has_no_code_is_named() {
        assert_eq!(payload_of_picture(b"GIF89a"), Err(CheckerError::NotAPicture));
        let mut blank = std::io::Cursor::new(Vec::new());
        GrayImage::from_pixel(64, 64, Luma([255]))
            .write_to(&mut blank, ImageFormat::Png)
            .unwrap();
        assert_eq!(payload_of_picture(blank.get_ref()), Err(CheckerError::NoCode));
    }
}
