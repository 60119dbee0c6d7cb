"use strict";

exports.compose = (layers) => (ctx) => {
  let last = -1;
  const dispatch = async (index) => {
    if (index <= last) throw new Error("next() twice");
    last = index;
    const layer = layers[index];
    if (layer) await layer(ctx, () => dispatch(index + 1));
  };
  return dispatch(0);
};
