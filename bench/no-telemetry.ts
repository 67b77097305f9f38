// ONNX Runtime reports home unless told not to before it is loaded: this comes before every other import.
process.env.ORT_DISABLE_TELEMETRY = '1';
