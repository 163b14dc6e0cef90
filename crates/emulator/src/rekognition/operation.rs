//! The operations of Rekognition's API model by name.

/// The operations that the emulator carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CopyProjectVersion,
    CreateProject,
    DeleteProjectPolicy,
    DeleteProjectVersion,
    DescribeProjects,
    DescribeProjectVersions,
    ListProjectPolicies,
    ListTagsForResource,
    PutProjectPolicy,
    TagResource,
    UntagResource,
}

impl Operation {
    /// Every one, by name.
    pub(crate) const ALL: [Self; 11] = [
        Self::CopyProjectVersion,
        Self::CreateProject,
        Self::DeleteProjectPolicy,
        Self::DeleteProjectVersion,
        Self::DescribeProjects,
        Self::DescribeProjectVersions,
        Self::ListProjectPolicies,
        Self::ListTagsForResource,
        Self::PutProjectPolicy,
        Self::TagResource,
        Self::UntagResource,
    ];

    /// The name as AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CopyProjectVersion => "CopyProjectVersion",
            Self::CreateProject => "CreateProject",
            Self::DeleteProjectPolicy => "DeleteProjectPolicy",
            Self::DeleteProjectVersion => "DeleteProjectVersion",
            Self::DescribeProjects => "DescribeProjects",
            Self::DescribeProjectVersions => "DescribeProjectVersions",
            Self::ListProjectPolicies => "ListProjectPolicies",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::PutProjectPolicy => "PutProjectPolicy",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
        }
    }

    /// The IAM action that permits it.
    pub(crate) fn action(self) -> String {
        format!("rekognition:{}", self.name())
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == name)
    }

    /// Calls per second out of the quota for control operations: the tagging operations have
    /// twice as many (Amazon Rekognition endpoints and quotas).
    pub(crate) fn quota(self, per_second: u32) -> u32 {
        match self {
            Self::ListTagsForResource | Self::TagResource | Self::UntagResource => {
                per_second.saturating_mul(2)
            }
            _ => per_second,
        }
    }
}

/// Whether AWS has an operation of this name that the emulator does not carry out.
pub(crate) fn known_to_aws(name: &str) -> bool {
    NOT_EMULATED.contains(&name)
}

const NOT_EMULATED: &[&str] = &[
    "AssociateFaces",
    "CompareFaces",
    "CreateCollection",
    "CreateDataset",
    "CreateFaceLivenessSession",
    "CreateProjectVersion",
    "CreateStreamProcessor",
    "CreateUser",
    "DeleteCollection",
    "DeleteDataset",
    "DeleteFaces",
    "DeleteProject",
    "DeleteStreamProcessor",
    "DeleteUser",
    "DescribeCollection",
    "DescribeDataset",
    "DescribeStreamProcessor",
    "DetectCustomLabels",
    "DetectFaces",
    "DetectLabels",
    "DetectModerationLabels",
    "DetectProtectiveEquipment",
    "DetectText",
    "DisassociateFaces",
    "DistributeDatasetEntries",
    "GetCelebrityInfo",
    "GetCelebrityRecognition",
    "GetContentModeration",
    "GetFaceDetection",
    "GetFaceLivenessSessionResults",
    "GetFaceSearch",
    "GetLabelDetection",
    "GetMediaAnalysisJob",
    "GetPersonTracking",
    "GetSegmentDetection",
    "GetTextDetection",
    "IndexFaces",
    "ListCollections",
    "ListDatasetEntries",
    "ListDatasetLabels",
    "ListFaces",
    "ListMediaAnalysisJobs",
    "ListStreamProcessors",
    "ListUsers",
    "RecognizeCelebrities",
    "SearchFaces",
    "SearchFacesByImage",
    "SearchUsers",
    "SearchUsersByImage",
    "StartCelebrityRecognition",
    "StartContentModeration",
    "StartFaceDetection",
    "StartFaceSearch",
    "StartLabelDetection",
    "StartMediaAnalysisJob",
    "StartPersonTracking",
    "StartProjectVersion",
    "StartSegmentDetection",
    "StartStreamProcessor",
    "StartTextDetection",
    "StopProjectVersion",
    "StopStreamProcessor",
    "UpdateDatasetEntries",
    "UpdateStreamProcessor",
];
