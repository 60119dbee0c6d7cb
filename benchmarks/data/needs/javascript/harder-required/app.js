// Actions that are required by their names.
const names = ["invoke", "start"];
const actions = Object.fromEntries(names.map((name) => [name, require(`./actions/${name}`)]));

module.exports.handler = async (event) => {
  const { [event.action]: action = actions.start } = actions;
  return action(event.detail);
};
