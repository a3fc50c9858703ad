//! From brightness and two differences of colour, of which there may be fewer, to red, green and blue.

#![expect(clippy::cast_possible_truncation, reason = "means of bytes are bytes")]

use multiversion::multiversion;

/// A component of an image.
pub(super) struct Plane {
    pub(super) values: Vec<u8>,
    pub(super) stride: usize,
    /// Columns and rows that belong to the image.
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Plane {
    fn row(&self, row: usize) -> &[u8] {
        &self.values[row * self.stride..row * self.stride + self.width]
    }
}

/// Writes red, green and blue of all pixels. The second and third component have every pixel, or every second column, or every
/// second column of every second row; those between are weighted means of the nearest.
/// `across` and `down` say whether columns and rows are halved, which the sizes of small images do not tell.
pub(super) fn convert(planes: &[Plane; 3], across: bool, down: bool, out: &mut [u8]) {
    let [brightness, blue, red] = planes;
    let room = 2 * blue.width.max(brightness.width) + 2;
    let (mut sums, mut blues, mut reds) = (vec![0; blue.width], vec![0; room], vec![0; room]);
    for (i, out) in out.chunks_exact_mut(brightness.width * 3).enumerate() {
        for (plane, wide) in [(blue, &mut blues), (red, &mut reds)] {
            match (across, down) {
                (false, _) => wide[..plane.width].copy_from_slice(plane.row(i)),
                (true, false) => widen(plane.row(i), wide),
                (true, true) => {
                    let near = i / 2;
                    let far = if i % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(plane.height - 1) };
                    if plane.width > 2 {
                        widen_two(plane.row(near), plane.row(far), &mut sums, wide);
                    } else {
                        widen(plane.row(near), wide);
                    }
                }
            }
        }
        pixels(brightness.row(i), &blues, &reds, out);
    }
}

/// Twice as many columns: three quarters of the nearest value and a quarter of the next. Two columns and fewer are repeated.
#[multiversion(targets("x86_64+avx2"))]
fn widen(row: &[u8], out: &mut [u8]) {
    let (pairs, _) = out.as_chunks_mut::<2>();
    if row.len() <= 2 {
        for (&value, pair) in row.iter().zip(pairs) {
            *pair = [value; 2];
        }
        return;
    }
    for (window, pair) in row.windows(3).zip(&mut pairs[1..]) {
        let [last, this, next] = [window[0], window[1], window[2]].map(u16::from);
        *pair = [((3 * this + last + 1) >> 2) as u8, ((3 * this + next + 2) >> 2) as u8];
    }
    let end = row.len() - 1;
    let mean = |this: u8, other: u8, half: u16| ((3 * u16::from(this) + u16::from(other) + half) >> 2) as u8;
    pairs[0] = [row[0], mean(row[0], row[1], 2)];
    pairs[end] = [mean(row[end], row[end - 1], 1), row[end]];
}

/// The same between two rows, of which the nearer counts three times as much.
#[multiversion(targets("x86_64+avx2"))]
fn widen_two(near: &[u8], far: &[u8], sums: &mut [u16], out: &mut [u8]) {
    for ((sum, &near), &far) in sums.iter_mut().zip(near).zip(far) {
        *sum = 3 * u16::from(near) + u16::from(far);
    }
    let (pairs, _) = out.as_chunks_mut::<2>();
    for (window, pair) in sums.windows(3).zip(&mut pairs[1..]) {
        let [last, this, next] = [window[0], window[1], window[2]];
        *pair = [((3 * this + last + 8) >> 4) as u8, ((3 * this + next + 7) >> 4) as u8];
    }
    let end = sums.len() - 1;
    let mean = |this: u16, other: u16, half: u16| ((3 * this + other + half) >> 4) as u8;
    pairs[0] = [mean(sums[0], sums[0], 8), mean(sums[0], sums[1], 7)];
    pairs[end] = [mean(sums[end], sums[end - 1], 8), mean(sums[end], sums[end], 7)];
}

/// Red, green and blue by the weights of ITU-R 601, in 65536ths.
#[multiversion(targets("x86_64+avx2"))]
fn pixels(brightness: &[u8], blues: &[u8], reds: &[u8], out: &mut [u8]) {
    let colours = brightness.iter().zip(blues).zip(reds);
    for (((&y, &blue), &red), out) in colours.zip(out.as_chunks_mut::<3>().0) {
        let (y, blue, red) = (i32::from(y), i32::from(blue) - 128, i32::from(red) - 128);
        let half = 1 << 15;
        #[expect(clippy::cast_sign_loss, reason = "clamped to the values of a byte")]
        let byte = |value: i32| value.clamp(0, 255) as u8;
        *out = [
            byte(y + ((91_881 * red + half) >> 16)),
            byte(y + ((-22_554 * blue - 46_802 * red + half) >> 16)),
            byte(y + ((116_130 * blue + half) >> 16)),
        ];
    }
}
