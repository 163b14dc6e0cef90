set -eu
export AWS_ENDPOINT_URL=http://127.0.0.1:${EMULATOR_PORT:-4599} AWS_DEFAULT_REGION=eu-west-1 AWS_PAGER=
export AWS_ACCESS_KEY_ID=SAMPLERELEASE0000001
export AWS_SECRET_ACCESS_KEY=sample-secret-of-the-release-manager-001

# Become the promoter. Without the external id this is refused, as in AWS.
credentials=$(aws sts assume-role \
  --role-arn arn:aws:iam::222222222222:role/promoter \
  --role-session-name promotion-1 --external-id sample-external-id \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
export AWS_ACCESS_KEY_ID=$(echo "$credentials" | cut -f1)
export AWS_SECRET_ACCESS_KEY=$(echo "$credentials" | cut -f2)
export AWS_SESSION_TOKEN=$(echo "$credentials" | cut -f3)

source=arn:aws:rekognition:eu-west-1:111111111111:project/inspector
destination=arn:aws:rekognition:eu-west-1:222222222222:project/inspector/1656565223456
aws rekognition copy-project-version \
  --source-project-arn "$source/1656565123456" \
  --source-project-version-arn "$source/version/v7/1656611123456" \
  --destination-project-arn "$destination" --version-name v7-cli \
  --output-config S3Bucket=vision-prod-models,S3KeyPrefix=inspector/v7-cli

status=COPYING_IN_PROGRESS
while [ "$status" = COPYING_IN_PROGRESS ]; do
  sleep 1
  status=$(aws rekognition describe-project-versions --project-arn "$destination" \
    --version-names v7-cli --query 'ProjectVersionDescriptions[0].Status' --output text)
  echo "$status"
done
