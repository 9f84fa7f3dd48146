// A VDA 5050 vehicle: node robot.mjs URL USER PASSWORD TOPIC_FORMAT. It publishes a state and where
// it is, says "sent", and stays until its input ends: then it leaves in good order.
import vda from "vda-5050-lib";

const [brokerUrl, username, password, topicFormat] = process.argv.slice(2);
const robot = new vda.AgvClient(
  { manufacturer: "Hall Robots", serialNumber: "AMR:7" },
  {
    interfaceName: "uagv",
    vdaVersion: "2.0.0",
    transport: { brokerUrl, username, password, topicFormat },
  },
);
await robot.start();
const agvPosition = { x: 12.5, y: -3.25, theta: 1.5707963, mapId: "hall", positionInitialized: true };
await robot.publish(vda.Topic.State, {
  orderId: "",
  orderUpdateId: 0,
  lastNodeId: "",
  lastNodeSequenceId: 0,
  nodeStates: [],
  edgeStates: [],
  actionStates: [],
  driving: true,
  operatingMode: vda.OperatingMode.Automatic,
  errors: [],
  agvPosition,
  batteryState: { batteryCharge: 71.5, charging: false },
  safetyState: { eStop: vda.EStop.None, fieldViolation: false },
});
await robot.publish(vda.Topic.Visualization, { agvPosition: { ...agvPosition, x: 13 } });
console.log("sent");
await new Promise((ended) => process.stdin.resume().on("end", ended));
await robot.stop();
