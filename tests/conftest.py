"""What all tests share: by lying here this file lets them import the helpers beside it (`synthetic_warehouse`)."""
