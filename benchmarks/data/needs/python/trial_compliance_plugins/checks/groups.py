"""Security groups that are open; switched off until the network is done."""


def run(clients):
    for group in clients.ec2.describe_security_groups()["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            if any(one["CidrIp"] == "0.0.0.0/0" for one in rule["IpRanges"]):
                yield group["GroupId"]
