"use strict";

module.exports = function compose(middleware) {
  return function run(ctx, next) {
    let last = -1;
    const dispatch = (at) => {
      if (at <= last) return Promise.reject(new Error("next() was called twice"));
      last = at;
      const layer = at === middleware.length ? next : middleware[at];
      if (!layer) return Promise.resolve();
      try {
        return Promise.resolve(layer(ctx, dispatch.bind(null, at + 1)));
      } catch (error) {
        return Promise.reject(error);
      }
    };
    return dispatch(0);
  };
};
