//! The evaluation summary that training writes and a copy carries into its own output place.

use super::State;
use super::model::{Details, Project, Version};
use domain::AccountNumber;
use serde_json::{Value, json};

/// What a summary says and how it is encrypted.
#[derive(Clone)]
pub(crate) struct Evaluation {
    /// The account of the version that it was written for.
    pub(crate) account: AccountNumber,
    /// The key, as whoever named it wrote it.
    pub(crate) kms_key: Option<String>,
    /// The version that was trained.
    trained: String,
    details: Details,
}

impl State {
    /// The summary under this name.
    pub(crate) fn evaluation(&self, bucket: &str, object: &str) -> Option<Evaluation> {
        self.accounts
            .values()
            .flat_map(|account| &account.projects)
            .flat_map(|project| project.versions.iter().map(move |one| (project, one)))
            .find(|(project, version)| {
                let place = version.details.summary.as_ref();
                place.is_some_and(|place| place.bucket == bucket)
                    && version.results_are_there()
                    && version.summary_name(project).as_deref() == Some(object)
            })
            .map(|(project, version)| version.evaluation(project))
            .or_else(|| {
                let place = (bucket.to_owned(), object.to_owned());
                self.left_behind.get(&place).cloned()
            })
    }
}

/// Where the summary of a version lies: `EvaluationResultSummary-PROJECT-VERSION.json` under the
/// output's prefix ("Accessing the summary file and evaluation manifest snapshot (SDK)").
pub(crate) fn summary_key(prefix: &str, project: &str, version: &str) -> String {
    let file = format!("EvaluationResultSummary-{project}-{version}.json");
    match prefix.trim_end_matches('/') {
        "" => file,
        folder => format!("{folder}/{file}"),
    }
}

impl Version {
    /// Whether the summary has been written.
    pub(crate) fn results_are_there(&self) -> bool {
        self.details.f1.is_some() && self.results_written
    }

    /// The summary's object name under the output's prefix.
    pub(crate) fn summary_name(&self, project: &Project) -> Option<String> {
        let place = self.details.summary.as_ref()?;
        Some(summary_key(&place.prefix, &project.name, &self.name))
    }

    /// The summary of this version of `project`.
    pub(crate) fn evaluation(&self, project: &Project) -> Evaluation {
        let own = || project.version_arn(self).to_string();
        Evaluation {
            account: project.account.clone(),
            kms_key: self.kms_key.clone(),
            trained: self.origin_version_arn.clone().unwrap_or_else(own),
            details: self.details.clone(),
        }
    }
}

impl Evaluation {
    /// The summary in AWS's shape ("Reference: Training results summary file"). What the world
    /// does not say, numbers of images and the confusion matrix, is left out or empty.
    pub(crate) fn summary(&self) -> Value {
        let Details {
            f1,
            labels,
            training_ended,
            ..
        } = &self.details;
        let mut labels: Vec<_> = labels.iter().collect();
        labels.sort_by(|a, b| b.f1.total_cmp(&a.f1));
        let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
        let results: Vec<Value> = labels
            .iter()
            .map(|label| {
                json!({
                    "Label": label.name,
                    "Metrics": {
                        "F1Score": label.f1,
                        "Precision": label.precision,
                        "Recall": label.recall,
                        "Threshold": label.threshold,
                    },
                })
            })
            .collect();
        let mut summary = json!({
            "Version": 1,
            "AggregatedEvaluationResults": { "ConfusionMatrix": [], "F1Score": f1 },
            "EvaluationDetails": { "Labels": names, "ProjectVersionArn": self.trained },
            "LabelEvaluationResults": results,
        });
        if let Some(ended) = training_ended {
            // AWS writes UTC without saying so.
            let ended = ended.to_string();
            summary["EvaluationDetails"]["EvaluationEndTimestamp"] =
                json!(ended.trim_end_matches('Z'));
        }
        if !labels.is_empty() {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a model has far fewer labels than a double counts exactly"
            )]
            let mean = |sum: f64| sum / labels.len() as f64;
            let results = &mut summary["AggregatedEvaluationResults"];
            results["Precision"] = json!(mean(labels.iter().map(|label| label.precision).sum()));
            results["Recall"] = json!(mean(labels.iter().map(|label| label.recall).sum()));
        }
        summary
    }
}
