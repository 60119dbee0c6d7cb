from jobs.base import Job


class Snapshots(Job):
    service = "ec2"

    def find(self):
        return self.client.describe_snapshots(OwnerIds=["self"])["Snapshots"]

    def remove(self, item):
        self.client.delete_snapshot(SnapshotId=item["SnapshotId"])


class Images(Job):
    service = "ecr"

    def find(self):
        return self.client.describe_repositories()["repositories"]

    def remove(self, item):
        name = item["repositoryName"]
        stale = self.client.list_images(repositoryName=name, filter={"tagStatus": "UNTAGGED"})["imageIds"]
        if stale:
            self.client.batch_delete_image(repositoryName=name, imageIds=stale)


JOBS = [Snapshots(), Images()]


def handler(event, context):
    for job in JOBS:
        job(event, context)
