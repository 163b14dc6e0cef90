/** What the tests name of the demo's world (xtask/demo/world.toml). */

/** Trained in dev, not yet anywhere else. */
export const source = {
  project: "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1756890000000",
  version:
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1780304400000",
};

/** The same project in prod, which has v6. */
export const destination = {
  project: "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1757408400000",
  bucket: "vision-prod-models",
};

/** A request to `POST /v1/promotions` that succeeds, once for each version name. */
export function promotion(versionName: string) {
  return {
    source_version: source.version,
    destination_project: destination.project,
    version_name: versionName,
    bucket: destination.bucket,
    prefix: `inspector/${versionName}`,
    reason: "Better on scratches",
  };
}
