import { defineExamples } from '../../platform/http/openapi/example-values.ts';

/** Example values for requests and responses in this domain. */
export const tokenExamples = defineExamples({
  configurationId: {
    value: '5f0c3b9ad1e24f7c8a6b9d10',
    description: 'The id of a token configuration',
  },
  publicKey: {
    value:
      '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyAZE3t7+hTwpPyMQpr4N\nnzg/Jt3/9HsYb2kWfpinfLm7NgVCkk+0B6hEmkiTWYjiz6zMq/+YkEi0BH2jbbJi\nRQ9gR11jpeltkvVMiR/6YAjBzslnpqTXYhexaY/yiEM6URgXUs+Yvy6j8JlPpojE\noBH158wuQbPfmMezudgnNVOImCGYafCJhbiI3zy6vWR9TW29uRwDnhdRFGpzHUoK\nqlvdtZFpQno8THyEGeV1H6juqtTRoQk/uSS9AwY6iBfOOIi6Z57Oz2/Y8zvRLmb4\npyNh1r2Ihj+qVqZ6GmqK4qDrm1u8M7zbs7xbojodhMb87SMowkI6bc0DGRNbZHNA\nZwIDAQAB\n-----END PUBLIC KEY-----\n',
    description: 'The public key of that configuration. It creates tokens, so it is a secret',
  },
  webAccessToken: {
    value:
      'eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMTI4R0NNIiwiemlwIjoiREVGIiwia2lkIjoiNWYwYzNiOWFkMWUyNGY3YzhhNmI5ZDEwIn0.Cvu-yeKWqHU_J4G69fDxgKr-Xjw_jiNrksjzM5B0jB4K3Gvb3-TYwO99nk93RXPOYWk_YvtiAfMGUHQGxxlFj5BjLBQYb_qMFEA_11A1m7Dr7qEHt74sLF4Nv8zC5_Qiso02ncO4MkU4IfRg-FWsKtPiBcPdhNfPqQvD37UKgawhJBL5BYg5KJ7vHnyHLJsVy-050TQs-ePaRPBz9WO_qdU0khGo2uU2B4K4niFIV6h2_PFuDRN5RaQirm1mnX_jWDao8xbh5BadZRP0Drpu3chlX-ShDgY0p8OeeAxTX3XOi3FeyCN3teddvkGZZEmEgivRmsMr-pKiAmkHxwOAxg.H4KvFInq5wtSXWB-.FdCGFyA8hy4Xa6_Mi74NyKLLm2TAlXC764Rtlu0mc_l_ymexxgcv_JSJoSaXrreKibHez0UODvFfJFarz4OHiA4UsA.euMQcVe1r90E-IfOqWru4w',
    description: 'A web access token of that configuration',
  },
  revocationId: {
    value: '01993f0a-6c1e-7b3a-9d52-8f4e1c7a2b61',
    description: 'The id of a revocation',
  },
});
