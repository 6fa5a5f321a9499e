//! The form of a policy: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_model::{ClockTime, ErrorCode, PolicyCopy, PolicyOptions, Retention, Schedule};

use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// The name under which the form sends each chosen weekday.
pub(crate) const WEEKDAYS: &str = "weekdays[]";

/// The rules of retention, in the order of [`PolicyForm::keeps`].
pub(crate) const KEEPS: [&str; 6] = [
    "keep_days",
    "keep_last",
    "keep_daily",
    "keep_weekly",
    "keep_monthly",
    "keep_yearly",
];

/// The names under which the form sends the repositories that are chosen, and all that there are with their days.
pub(crate) const COPIES: [&str; 3] = ["copies[]", "copy_names[]", "copy_days[]"];

/// A repository that backups can be copied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CopyField {
    /// Its name.
    pub repository: String,
    /// For how many days.
    pub days: String,
    /// Whether backups shall be copied there.
    pub chosen: bool,
}

/// What somebody asks of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyForm {
    /// The cluster's name.
    pub cluster: String,
    /// `weekly`, `monthly` or `cron`.
    pub kind: String,
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<String>,
    /// `on` where a backup may begin within two hours.
    pub window: String,
    /// The day of the month.
    pub day: String,
    /// The time of day.
    pub at: String,
    /// The cron expression.
    pub cron: String,
    /// The time zone.
    pub zone: String,
    /// How many days, and how many backups by each rule; see [`KEEPS`].
    pub keeps: [String; 6],
    /// Where backups are copied to, or could be.
    pub copies: Vec<CopyField>,
}

impl PolicyForm {
    /// For a cluster that has no policy yet: every night, by the clock of whoever looks.
    pub(crate) fn new(cluster: &str, zone: &str) -> Self {
        Self {
            cluster: cluster.to_owned(),
            kind: "weekly".to_owned(),
            weekdays: (1..=7).map(|day: u8| day.to_string()).collect(),
            window: String::new(),
            day: "1".to_owned(),
            at: "02:00".to_owned(),
            cron: "0 2 * * *".to_owned(),
            zone: zone.to_owned(),
            keeps: counts(Retention::default()),
            copies: Vec::new(),
        }
    }

    /// A policy as it is.
    pub(crate) fn of(cluster: &str, options: &PolicyOptions) -> Self {
        let new = Self {
            keeps: counts(options.retention),
            copies: options.copies.iter().map(chosen).collect(),
            ..Self::new(cluster, &options.time_zone)
        };
        let named = |days: &[u8]| days.iter().map(u8::to_string).collect();
        match &options.schedule {
            Schedule::Weekly { days, at } => Self {
                weekdays: named(days),
                at: at.to_string(),
                ..new
            },
            Schedule::Window { days, from } => Self {
                weekdays: named(days),
                at: from.to_string(),
                window: "on".to_owned(),
                ..new
            },
            Schedule::Monthly { day, at } => Self {
                kind: "monthly".to_owned(),
                day: day.to_string(),
                at: at.to_string(),
                ..new
            },
            Schedule::Cron { expression } => Self {
                kind: "cron".to_owned(),
                cron: expression.clone(),
                ..new
            },
        }
    }

    /// The form that stands in an address, if one does.
    pub(crate) fn in_query(query: &Query, cluster: &str) -> Option<Self> {
        let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
        Some(Self {
            cluster: cluster.to_owned(),
            kind: query.get("kind")?.to_owned(),
            weekdays: query.all(WEEKDAYS),
            window: text("window"),
            day: text("day"),
            at: text("at"),
            cron: text("cron"),
            zone: text("zone"),
            keeps: KEEPS.map(text),
            copies: copy_fields(
                &query.all(COPIES[0]),
                query.all(COPIES[1]),
                query.all(COPIES[2]),
            ),
        })
    }

    /// The same form with every repository that there is to choose from.
    pub(crate) fn offering(mut self, repositories: impl IntoIterator<Item = String>) -> Self {
        for repository in repositories {
            if !self.copies.iter().any(|copy| copy.repository == repository) {
                self.copies.push(CopyField {
                    repository,
                    days: PolicyCopy::USUAL_DAYS.to_string(),
                    chosen: false,
                });
            }
        }
        self
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![one("cluster", &self.cluster), one("kind", &self.kind)];
        fields.extend(self.weekdays.iter().map(|day| one(WEEKDAYS, day)));
        fields.extend([
            one("window", &self.window),
            one("day", &self.day),
            one("at", &self.at),
            one("cron", &self.cron),
            one("zone", &self.zone),
        ]);
        fields.extend(
            KEEPS
                .iter()
                .zip(&self.keeps)
                .map(|(name, count)| one(name, count)),
        );
        for copy in &self.copies {
            // One of each for every repository, so that they can be told apart by their places.
            let usual = PolicyCopy::USUAL_DAYS.to_string();
            let days = Some(copy.days.trim()).filter(|days| !days.is_empty());
            fields.extend(copy.chosen.then(|| one(COPIES[0], &copy.repository)));
            fields.push(one(COPIES[1], &copy.repository));
            fields.push(one(COPIES[2], days.unwrap_or(&usual)));
        }
        fields
    }

    /// The page with the form as it was sent.
    pub(super) fn address(&self) -> Address {
        self.fields()
            .into_iter()
            .filter(|(name, value)| name != "cluster" && !value.is_empty())
            .fold(super::page(&self.cluster), |address, (name, value)| {
                address.and(&name, [value])
            })
    }

    /// What the engine is to do.
    pub(crate) fn options(&self) -> AppResult<PolicyOptions> {
        let [days, last, daily, weekly, monthly, yearly] = &self.keeps;
        Ok(PolicyOptions {
            schedule: self.schedule()?,
            time_zone: self.zone.trim().to_owned(),
            retention: Retention {
                days: number("retention.days", days, Retention::default().days)?,
                last: number("retention.last", last, 0)?,
                daily: number("retention.daily", daily, 0)?,
                weekly: number("retention.weekly", weekly, 0)?,
                monthly: number("retention.monthly", monthly, 0)?,
                yearly: number("retention.yearly", yearly, 0)?,
            },
            copies: self
                .copies
                .iter()
                .filter(|copy| copy.chosen)
                .map(|copy| {
                    Ok(PolicyCopy {
                        repository: copy.repository.clone(),
                        days: number("copies.days", &copy.days, PolicyCopy::USUAL_DAYS)?,
                    })
                })
                .collect::<AppResult<_>>()?,
        })
    }

    fn schedule(&self) -> AppResult<Schedule> {
        if self.kind == "cron" {
            return Ok(Schedule::Cron {
                expression: self.cron.trim().to_owned(),
            });
        }
        let at: ClockTime = self
            .at
            .trim()
            .parse()
            .map_err(|why: String| refused("at", why))?;
        if self.kind == "monthly" {
            return Ok(Schedule::Monthly {
                day: number("day", &self.day, 1)?,
                at,
            });
        }
        let days = self
            .weekdays
            .iter()
            .map(|day| number("days", day, 0))
            .collect::<AppResult<_>>()?;
        Ok(if self.window.is_empty() {
            Schedule::Weekly { days, at }
        } else {
            Schedule::Window { days, from: at }
        })
    }
}

fn chosen(copy: &PolicyCopy) -> CopyField {
    CopyField {
        repository: copy.repository.clone(),
        days: copy.days.to_string(),
        chosen: true,
    }
}

/// The repositories of a form as it is sent: those that are chosen, and all of them with their days.
pub(super) fn copy_fields(
    chosen: &[String],
    repositories: Vec<String>,
    days: Vec<String>,
) -> Vec<CopyField> {
    let named = repositories.into_iter().zip(days);
    named
        .map(|(repository, days)| CopyField {
            chosen: chosen.contains(&repository),
            repository,
            days,
        })
        .collect()
}

fn counts(retention: Retention) -> [String; 6] {
    let Retention {
        days,
        last,
        daily,
        weekly,
        monthly,
        yearly,
    } = retention;
    [days, last, daily, weekly, monthly, yearly].map(|count| count.to_string())
}

fn number<T: std::str::FromStr>(field: &str, text: &str, if_empty: T) -> AppResult<T> {
    match text.trim() {
        "" => Ok(if_empty),
        text => text
            .parse()
            .map_err(|_| refused(field, format!("`{text}` is no number that can be used"))),
    }
}

fn refused(field: &str, why: impl Into<String>) -> AppError {
    AppError::new(ErrorCode::InvalidInput, field, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(schedule: Schedule) -> PolicyOptions {
        PolicyOptions {
            schedule,
            time_zone: "Asia/Tokyo".to_owned(),
            retention: Retention {
                monthly: 12,
                ..Retention::default()
            },
            copies: vec!["大阪:14".parse().expect("a copy")],
        }
    }

    #[test]
    fn a_policy_survives_its_form_and_its_address() {
        let at = ClockTime {
            hour: 3,
            minute: 15,
        };
        for schedule in [
            Schedule::Weekly {
                days: vec![1, 4],
                at,
            },
            Schedule::Window {
                days: vec![7],
                from: at,
            },
            Schedule::Monthly { day: 31, at },
            Schedule::Cron {
                expression: "30 2 * * 1-5".to_owned(),
            },
        ] {
            let options = options(schedule);
            let form = PolicyForm::of("保存 1", &options);
            assert_eq!(form.options().expect("it was one"), options);
            let address = form.address();
            let uri = address.to_string().parse().expect("an address is a URI");
            let query = Address::of(&uri).query;
            assert_eq!(PolicyForm::in_query(&query, "保存 1"), Some(form.clone()));
            let offering = form.offering(["osaka".to_owned(), "大阪".to_owned()]);
            assert_eq!(offering.copies.len(), 2);
            assert_eq!(offering.options().expect("it was one"), options);
        }
    }

    #[test]
    fn what_is_no_number_or_no_time_is_said_by_field() {
        let form = PolicyForm::new("demo", "UTC");
        let field = |form: &PolicyForm| form.options().expect_err("refused").report.subject;
        let mut late = form.clone();
        late.at = "25:00".to_owned();
        assert_eq!(field(&late), "at");
        let mut many = form;
        many.keeps[4] = "many".to_owned();
        assert_eq!(field(&many), "retention.monthly");
        let mut copied = PolicyForm::new("demo", "UTC").offering(["osaka".to_owned()]);
        copied.copies[0].days = "long".to_owned();
        assert!(copied.options().is_ok(), "it is not chosen");
        copied.copies[0].chosen = true;
        assert_eq!(field(&copied), "copies.days");
    }
}
