//! Pages of lists: `pageSize` and `currentPage`.

use serde::Serialize;

use super::{codes, envelope::Failure, request::Asked};

/// Lines of a page where nothing is said.
const USUAL: u64 = 10;
const MOST: u64 = 100;

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// 1 to 100.
    pub(super) page_size: u64,
    /// From 1.
    pub(super) current_page: u64,
}

/// The head of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Page)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) count: u64,
    pub(super) current_page: u64,
    pub(super) page_size: u64,
}

impl Window {
    pub(super) fn of(asked: &Asked) -> Result<Self, Failure> {
        Self::read(asked.query("pageSize"), asked.query("currentPage"))
    }

    fn read(page_size: Option<String>, current_page: Option<String>) -> Result<Self, Failure> {
        let number = |text: Option<String>, usual: u64| match text {
            None => Some(usual),
            Some(text) => text.trim().parse::<u64>().ok(),
        };
        let page_size = number(page_size, USUAL)
            .filter(|size| (1..=MOST).contains(size))
            .ok_or_else(|| {
                Failure::new(codes::PAGE_SIZE, "`pageSize` must be between 1 and 100")
            })?;
        let current_page = number(current_page, 1)
            .filter(|page| (1..=u64::from(u32::MAX >> 1)).contains(page))
            .ok_or_else(|| {
                Failure::new(
                    codes::CURRENT_PAGE,
                    "`currentPage` must be between 1 and 2147483647",
                )
            })?;
        Ok(Self {
            page_size,
            current_page,
        })
    }

    pub(super) fn head(self, count: u64) -> Head {
        Head {
            count,
            current_page: self.current_page,
            page_size: self.page_size,
        }
    }

    /// The page's part of what is all there.
    pub(super) fn cut<T>(self, all: Vec<T>) -> Vec<T> {
        let skip = (self.current_page - 1).saturating_mul(self.page_size);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        all.into_iter()
            .skip(skip)
            .take(self.page_size as usize)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_the_vendors() {
        let read = |size: &str, page: &str| {
            let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Window::read(given(size), given(page)).map_err(|failure| failure.code)
        };
        let usual = read("", "").unwrap();
        assert_eq!((usual.page_size, usual.current_page), (10, 1));
        assert!(read("100", "2147483647").is_ok());
        for size in ["0", "101", "-1", "ten", "1.5"] {
            assert_eq!(read(size, "").unwrap_err(), 96008, "{size}");
        }
        for page in ["0", "2147483648", "x"] {
            assert_eq!(read("", page).unwrap_err(), 96009, "{page}");
        }
        let second = read("2", "2").unwrap();
        assert_eq!(second.cut(vec![1, 2, 3]), [3]);
        assert_eq!(read("2", "9").unwrap().cut(vec![1, 2, 3]), [0; 0]);
    }
}
