// Stands in until the pipeline uploads the function's own code: says so, and does nothing else.
exports.handler = async () => {
  console.log("No code has been deployed to this function yet.");
};
