"""Sign-ups: one event inside of the process, and who listens to it."""
from bus import Bus
from listeners import Audit, Mailer, Welcome, forget

bus = Bus()
Audit().join(bus)
bus.on("user.signed_up")(Welcome("welcome-flow").start)
bus.on("user.signed_up", "user.invited")(Mailer().send)
bus.on("user.erased")(forget)


def handler(event, context):
    sent = bus.publish("user.signed_up", user=event["user"], mail=event["mail"])
    if event.get("invites"):
        for mail in event["invites"]:
            sent += bus.publish("user.invited", user=event["user"], mail=mail)
    return {"listeners": sent}
