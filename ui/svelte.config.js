/** An accessibility warning of the compiler fails the build: it is a defect, not a remark. */
export default {
  compilerOptions: { runes: true },
  onwarn(warning) {
    throw new Error(`${warning.code} in ${warning.filename ?? '?'}: ${warning.message}`);
  },
};
