//! Portraits: drawn silhouettes with the word SPECIMEN across them, never a face.

use std::sync::OnceLock;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use image::{ExtendedColorType, Rgb, RgbImage};

/// The size of the picture.
const WIDTH: u32 = 240;
const HEIGHT: u32 = 320;
/// It is drawn larger and shrunk, which makes its edges smooth.
const SCALE: u32 = 2;
/// JPEG quality, 1 to 100: about 8 KB a picture.
const QUALITY: u8 = 70;

/// Colours of a drawing: background, clothes, hair. Skin is one grey for all: nobody is depicted.
const LOOKS: [[Rgb<u8>; 3]; 6] = [
    [
        Rgb([0xd9, 0xd2, 0xe9]),
        Rgb([0x46, 0x30, 0x7d]),
        Rgb([0x3e, 0x42, 0x54]),
    ],
    [
        Rgb([0xcf, 0xe3, 0xe4]),
        Rgb([0x0e, 0x5a, 0x5e]),
        Rgb([0x5a, 0x1f, 0x2b]),
    ],
    [
        Rgb([0xd5, 0xe1, 0xee]),
        Rgb([0x1f, 0x4e, 0x79]),
        Rgb([0x1b, 0x1d, 0x2a]),
    ],
    [
        Rgb([0xef, 0xd8, 0xe4]),
        Rgb([0x8c, 0x2f, 0x5d]),
        Rgb([0x7a, 0x4a, 0x12]),
    ],
    [
        Rgb([0xe3, 0xe2, 0xcf]),
        Rgb([0x55, 0x52, 0x1f]),
        Rgb([0x4f, 0x53, 0x66]),
    ],
    [
        Rgb([0xee, 0xdd, 0xca]),
        Rgb([0x7a, 0x4a, 0x12]),
        Rgb([0x1b, 0x1d, 0x2a]),
    ],
];
const FIGURE: Rgb<u8> = Rgb([0x9a, 0x9c, 0xa8]);
const BAND: Rgb<u8> = Rgb([0xff, 0xff, 0xff]);
const LETTERS: Rgb<u8> = Rgb([0xa0, 0x28, 0x1f]);

/// The letters of the band: five columns of seven dots, the lowest bit on top.
const GLYPHS: [(char, [u8; 5]); 7] = [
    ('S', [0x46, 0x49, 0x49, 0x49, 0x31]),
    ('P', [0x7f, 0x09, 0x09, 0x09, 0x06]),
    ('E', [0x7f, 0x49, 0x49, 0x49, 0x41]),
    ('C', [0x3e, 0x41, 0x41, 0x41, 0x22]),
    ('I', [0x00, 0x41, 0x7f, 0x41, 0x00]),
    ('M', [0x7f, 0x02, 0x0c, 0x02, 0x7f]),
    ('N', [0x7f, 0x04, 0x08, 0x10, 0x7f]),
];

/// The picture could not be encoded.
#[derive(Debug, thiserror::Error)]
#[error("a practice portrait could not be drawn")]
pub struct PortraitError(#[from] image::ImageError);

/// The silhouette of this look as a JPEG (JFIF) of 240 × 320. Each is drawn once.
pub(crate) fn draw(look: u8) -> Result<Vec<u8>, PortraitError> {
    static DRAWN: [OnceLock<Vec<u8>>; LOOKS.len()] = [const { OnceLock::new() }; LOOKS.len()];
    let index = usize::from(look) % LOOKS.len();
    if let Some(jpeg) = DRAWN.get(index).and_then(OnceLock::get) {
        return Ok(jpeg.clone());
    }
    let jpeg = draw_anew(index)?;
    if let Some(place) = DRAWN.get(index) {
        place.get_or_init(|| jpeg.clone());
    }
    Ok(jpeg)
}

fn draw_anew(index: usize) -> Result<Vec<u8>, PortraitError> {
    let [background, clothes, hair] = LOOKS.get(index).copied().unwrap_or([FIGURE; 3]);
    let mut picture = RgbImage::from_pixel(WIDTH * SCALE, HEIGHT * SCALE, background);
    let long_hair = index % 2 == 1;
    if long_hair {
        ellipse(&mut picture, (120, 140), (74, 100), hair);
    }
    ellipse(&mut picture, (120, 322), (106, 100), clothes);
    ellipse(&mut picture, (120, 216), (27, 48), FIGURE);
    if !long_hair {
        ellipse(&mut picture, (120, 108), (64, 66), hair);
    }
    ellipse(&mut picture, (120, 138), (56, 74), FIGURE);
    band(&mut picture);
    let picture = resize(&picture, WIDTH, HEIGHT, FilterType::Triangle);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(
        picture.as_raw(),
        WIDTH,
        HEIGHT,
        ExtendedColorType::Rgb8,
    )?;
    Ok(jpeg)
}

fn ellipse(picture: &mut RgbImage, (cx, cy): (i64, i64), (rx, ry): (i64, i64), colour: Rgb<u8>) {
    let scale = i64::from(SCALE);
    let (cx, cy, rx, ry) = (cx * scale, cy * scale, rx * scale, ry * scale);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (dx, dy) = (i64::from(x) - cx, i64::from(y) - cy);
        if dx * dx * ry * ry + dy * dy * rx * rx <= rx * rx * ry * ry {
            *pixel = colour;
        }
    }
}

/// SPECIMEN in a band across the chest.
fn band(picture: &mut RgbImage) {
    const DOT: u32 = 4 * SCALE;
    const TOP: u32 = 254 * SCALE;
    const MARGIN: u32 = 12 * SCALE;
    for y in TOP - MARGIN..TOP + 7 * DOT + MARGIN {
        for x in 0..WIDTH * SCALE {
            picture.put_pixel(x, y, BAND);
        }
    }
    let word = "SPECIMEN";
    let left = (WIDTH * SCALE - (8 * 6 - 1) * DOT) / 2;
    for (place, letter) in (0_u32..).zip(word.chars()) {
        let columns = GLYPHS
            .iter()
            .find(|(name, _)| *name == letter)
            .map_or([0; 5], |(_, columns)| *columns);
        for (column, bits) in (0_u32..).zip(columns) {
            for row in (0..7).filter(|row| bits >> row & 1 == 1) {
                for (dx, dy) in (0..DOT).flat_map(|dx| (0..DOT).map(move |dy| (dx, dy))) {
                    picture.put_pixel(left + (place * 6 + column) * DOT + dx, TOP + row * DOT + dy, LETTERS);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portraits_are_whole_jpeg_files_of_modest_size() {
        for look in 0..=u8::try_from(LOOKS.len()).unwrap() {
            let jpeg = draw(look).unwrap();
            assert!(jpeg.starts_with(&[0xff, 0xd8, 0xff, 0xe0]) && jpeg.ends_with(&[0xff, 0xd9]));
            assert!((3_000..12_000).contains(&jpeg.len()), "{} bytes", jpeg.len());
        }
    }
}
