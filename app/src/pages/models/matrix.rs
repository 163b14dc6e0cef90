//! Projects of one name and Region, arranged as versions by account.

use domain::{AccountNumber, ProjectArn, ProjectName, Region, VersionName};
use operations::AccountIdentity;
use operations::models::{ModelsView, PlaceView, ProjectView, VersionView};

/// What one project name in one Region looks like over all accounts.
pub(super) struct Matrix {
    pub(super) name: ProjectName,
    pub(super) region: Region,
    /// Accounts that look at this Region, in the order of their environments.
    pub(super) columns: Vec<Column>,
    /// One for each version name, the newest version first.
    pub(super) rows: Vec<Row>,
}

/// One account of a matrix.
pub(super) struct Column {
    pub(super) place: PlaceView,
    /// Its project of this name; none if it has none.
    pub(super) project: Option<ProjectArn>,
}

/// One version name; a cell for each column.
pub(super) struct Row {
    pub(super) name: VersionName,
    pub(super) cells: Vec<Cell>,
}

/// What one account has of one version name.
pub(super) enum Cell {
    /// The version itself.
    Here(Box<Here>),
    /// Not there. It can be promoted from `from`, if that is said.
    NotHere {
        /// The version to promote, from the nearest account before this one.
        from: Option<Box<Here>>,
    },
    /// The account has not been read yet.
    NotRead,
}

/// A version in its project.
#[derive(Clone)]
pub(super) struct Here {
    pub(super) project: ProjectArn,
    pub(super) version: VersionView,
}

/// Arranges everything that was seen, in the order in which projects are first met.
pub(super) fn arrange(models: &ModelsView) -> Vec<Matrix> {
    let mut keys: Vec<(&ProjectName, &Region)> = Vec::new();
    for project in &models.projects {
        let key = (project.arn.name(), project.arn.region());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.sort();
    keys.into_iter()
        .map(|(name, region)| matrix(models, name, region))
        .collect()
}

fn matrix(models: &ModelsView, name: &ProjectName, region: &Region) -> Matrix {
    let places: Vec<_> = models
        .places
        .iter()
        .filter(|place| &place.region == region)
        .collect();
    let projects: Vec<Option<&ProjectView>> = places
        .iter()
        .map(|place| find(models, &place.account, name, region))
        .collect();
    let mut versions: Vec<&VersionView> = projects
        .iter()
        .flatten()
        .flat_map(|project| &project.versions)
        .collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.created));
    let mut names: Vec<&VersionName> = Vec::new();
    for version in versions {
        if !names.contains(&version.arn.name()) {
            names.push(version.arn.name());
        }
    }
    let rows = names
        .into_iter()
        .map(|name| row(&places, &projects, name))
        .collect();
    let columns = places
        .into_iter()
        .zip(&projects)
        .map(|(place, project)| Column {
            place: place.clone(),
            project: project.map(|project| project.arn.clone()),
        });
    Matrix {
        name: name.clone(),
        region: region.clone(),
        columns: columns.collect(),
        rows,
    }
}

fn find<'a>(
    models: &'a ModelsView,
    account: &AccountIdentity,
    name: &ProjectName,
    region: &Region,
) -> Option<&'a ProjectView> {
    models.projects.iter().find(|project| {
        project.account.number == account.number
            && project.arn.name() == name
            && project.arn.region() == region
    })
}

fn row(places: &[&PlaceView], projects: &[Option<&ProjectView>], name: &VersionName) -> Row {
    let mut from: Option<Box<Here>> = None;
    let cells = places.iter().zip(projects).map(|(place, project)| {
        let here = project.and_then(|project| {
            let version = project
                .versions
                .iter()
                .find(|version| version.arn.name() == name)?;
            Some(Box::new(Here {
                project: project.arn.clone(),
                version: version.clone(),
            }))
        });
        match here {
            Some(here) => {
                if here.version.copyable {
                    from = Some(here.clone());
                }
                Cell::Here(here)
            }
            None if place.seen_at.is_none() => Cell::NotRead,
            None => Cell::NotHere {
                from: project.and(from.clone()),
            },
        }
    });
    Row {
        name: name.clone(),
        cells: cells.collect(),
    }
}

impl Matrix {
    /// The alias and environment of the account that a version was copied from, if it is here.
    pub(super) fn account(&self, number: &AccountNumber) -> Option<&AccountIdentity> {
        let mut accounts = self.columns.iter().map(|column| &column.place.account);
        accounts.find(|account| &account.number == number)
    }

    /// The text that a row is filtered by.
    pub(super) fn filter_text(&self, row: &Row) -> String {
        let mut words = vec![
            self.name.to_string(),
            row.name.to_string(),
            self.region.to_string(),
        ];
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            if let Cell::Here(here) = cell {
                let status = crate::ui::status::StateLook::from(&here.version.status).word;
                let account = &column.place.account;
                words.extend([
                    account.environment.to_string(),
                    account.alias.to_string(),
                    status,
                ]);
            }
        }
        words.join(" ").to_lowercase()
    }
}
