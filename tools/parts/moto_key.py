"""Run by moto's own Python, which has the client: makes a user who may do everything, a role that such a user may
assume, and prints a key of the one and the name of the other."""

import json
import sys

import boto3

ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "hozon-test"}}}]})

client = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1",
                      aws_access_key_id="nobody", aws_secret_access_key="nothing")
client.create_user(UserName="hozon")
policy = client.create_policy(PolicyName="everything", PolicyDocument=ALL)["Policy"]["Arn"]
client.attach_user_policy(UserName="hozon", PolicyArn=policy)
key = client.create_access_key(UserName="hozon")["AccessKey"]
role = client.create_role(RoleName="hozon", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
client.attach_role_policy(RoleName="hozon", PolicyArn=policy)
print(json.dumps({"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"], "role_arn": role}))
