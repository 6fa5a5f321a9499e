//! A QR code, drawn on the server: one path, dark on light in every theme, for cameras know no other.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// The light frame that a reader needs, in modules.
const QUIET: i32 = 4;

/// Text as a picture; nothing where it is too long for one.
#[component]
pub(crate) fn Qr(
    text: String,
    /// What it is, for those who do not see it.
    label: &'static str,
) -> impl IntoView {
    let code = QrCode::encode_text(&text, QrCodeEcc::Medium).ok();
    code.map(|code| {
        let size = code.size() + 2 * QUIET;
        let area = format!("0 0 {size} {size}");
        view! {
            <svg class="qr" viewBox=area role="img" aria-label=label>
                <path d=outline(&code) />
            </svg>
        }
    })
}

/// Every run of dark modules as a bar.
fn outline(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size())
                .take_while(|x| code.get_module(*x, y))
                .count() as i32;
            if length > 0 {
                path.push_str(&format!(
                    "M{} {}h{length}v1h-{length}z",
                    x + QUIET,
                    y + QUIET
                ));
            }
            x += length.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the bars back into modules.
    fn modules(path: &str, size: i32) -> Vec<Vec<bool>> {
        let mut found = vec![vec![false; size as usize]; size as usize];
        for bar in path.split_terminator('z') {
            let (at, rest) = bar[1..].split_once('h').expect("a bar has a length");
            let (x, y) = at.split_once(' ').expect("a bar has a place");
            let length = rest.split_once('v').expect("a bar has a height").0;
            let [x, y, length] = [x, y, length].map(|text| text.parse::<i32>().expect("a number"));
            for x in x..x + length {
                found[(y - QUIET) as usize][(x - QUIET) as usize] = true;
            }
        }
        found
    }

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let url =
            "otpauth://totp/Hozon:%E8%8A%B1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hozon";
        let code = QrCode::encode_text(url, QrCodeEcc::Medium).expect("short enough");
        let drawn = modules(&outline(&code), code.size());
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(
                    drawn[y as usize][x as usize],
                    code.get_module(x, y),
                    "{x} {y}"
                );
            }
        }
    }
}
