//! Brings the state up to a moment: ends copies and deletions whose time has come, in the order in
//! which they fall due, and forgets old sessions.

use super::State;
use crate::arn::ProjectVersionArn;
use crate::rekognition::late;
use crate::world::Settings;
use domain::Millis;

impl State {
    /// Lets everything happen that happens by itself until `now`.
    pub(crate) fn settle(&mut self, settings: &Settings, now: Millis) {
        self.sessions.forget(now);
        while let Some((at, version)) = self.agenda.take_due(now) {
            self.happen(settings, at, &version);
        }
    }

    /// What falls due for a version at `at`; nothing if that is not the moment that it names.
    fn happen(&mut self, settings: &Settings, at: Millis, arn: &ProjectVersionArn) {
        let Some(version) = self
            .project_of_mut(arn)
            .and_then(|project| project.version_mut(arn))
        else {
            return;
        };
        if version.gone_at == Some(at) {
            self.remove(arn);
        } else if let Some(copy) = version.copy.take_if(|copy| copy.ends == at) {
            let outcome = late::outcome(self, settings, &copy);
            if let Some(version) = self
                .project_of_mut(arn)
                .and_then(|project| project.version_mut(arn))
            {
                version.end_copy(outcome);
            }
        }
    }

    /// The end of a deletion. The results stay in the bucket, as at AWS.
    fn remove(&mut self, arn: &ProjectVersionArn) {
        let Some(project) = self.project_of_mut(arn) else {
            return;
        };
        let mine = |version: &super::model::Version| {
            version.name == arn.name && version.number == arn.number
        };
        let Some(index) = project.versions.iter().position(mine) else {
            return;
        };
        let version = project.versions.remove(index);
        project.deleted.push((version.name.clone(), version.number));
        let left = version
            .details
            .summary
            .as_ref()
            .zip(version.summary_name(project));
        if let Some((place, object)) = left.filter(|_| version.results_are_there()) {
            let evaluation = version.evaluation(project);
            let place = (place.bucket.clone(), object);
            self.left_behind.insert(place, evaluation);
        }
    }
}
