// was due once
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'

export default class Instances {
  async *[Symbol.asyncIterator]() {
    const { Reservations = [] } = await new EC2Client().send(new DescribeInstancesCommand({}))
    yield* Reservations.map(({ ReservationId }) => ReservationId)
  }
}
