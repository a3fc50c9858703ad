//! Hues, on bytes, with the roundings of Pillow's mode HSV.

/// Turns the hues of pixels of red, green and blue by this much of the circle.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hues go round, as bytes do")]
pub(super) fn turn(pixels: &mut [u8], turn: f64) {
    let turn = (turn * 255.0) as i32 as u8;
    for pixel in pixels.chunks_exact_mut(3) {
        if let &mut [red, green, blue] = pixel {
            let [hue, saturation, value] = to_hsv([red, green, blue]);
            pixel.copy_from_slice(&to_rgb([hue.wrapping_add(turn), saturation, value]));
        }
    }
}

/// Hue, saturation and value, each from 0 to 255 and cut off.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cutting off is meant")]
fn to_hsv(rgb: [u8; 3]) -> [u8; 3] {
    let [red, green, blue] = rgb;
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most == least {
        return [0, 0, most];
    }
    let spread = f32::from(most - least);
    // How far each lies below the greatest, from 0 to 1.
    let [r, g, b] = rgb.map(|value| f32::from(most - value) / spread);
    let sixths = if red == most {
        b - g
    } else if green == most {
        (2.0 + f64::from(r) - f64::from(b)) as f32
    } else {
        (4.0 + f64::from(g) - f64::from(r)) as f32
    };
    let hue = ((f64::from(sixths) / 6.0 + 1.0) % 1.0) as f32;
    let saturation = spread / f32::from(most);
    [(f64::from(hue) * 255.0) as u8, (f64::from(saturation) * 255.0) as u8, most]
}

/// Red, green and blue, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
fn to_rgb([hue, saturation, value]: [u8; 3]) -> [u8; 3] {
    if saturation == 0 {
        return [value; 3];
    }
    let sixths = f64::from(f32::from(hue)) * 6.0 / 255.0;
    let sector = sixths.floor();
    // Here and there Pillow rounds to single precision.
    let rest = (sixths - sector) as f32;
    let saturation = (f64::from(saturation) / 255.0) as f32;
    let scaled = |less: f64| (f64::from(value) * (1.0 - less)).round() as u8;
    let low = scaled(f64::from(saturation));
    let falling = scaled(f64::from(saturation * rest));
    let rising = scaled(f64::from(saturation) * (1.0 - f64::from(rest)));
    match sector as u8 % 6 {
        0 => [value, rising, low],
        1 => [falling, value, low],
        2 => [low, value, rising],
        3 => [low, falling, value],
        4 => [rising, low, value],
        _ => [value, low, falling],
    }
}
